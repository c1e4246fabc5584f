# A large schema: memory of the gateway, and how long it takes to serve; then whether memory stays flat under mixed requests.
# MIXED: how many of these (default 1,000,000). 300 tables of 10 columns with two foreign keys each, 10 roles that may read them.
row memory_start '300 tables: resident memory once it has answered' ours '' MB 1 '<= 50'
row memory_answer '300 tables: start of the process to the first answer' ours '' ms 0 '<= 1000'
row memory_roles '300 tables: resident memory once each of 10 roles has asked' ours '' MB 1 '<= 50'
row memory_tenth 'mixed requests: resident memory after a tenth of them' ours '' MB 1
row memory_all 'mixed requests: resident memory after all of them, against that after a tenth' all tenth MB 1 '<= 1.1'

sql -d "$main_url" -f - > /dev/null <<'SQL'
DO $$
BEGIN
  FOR n IN 1..300 LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, parent_id bigint, other_id bigint, name text NOT NULL, note text,
      amount numeric, created timestamptz NOT NULL DEFAULT now(), done boolean, data jsonb, tags text[])', n);
    IF n > 2 THEN
      EXECUTE format('ALTER TABLE t%s ADD FOREIGN KEY (parent_id) REFERENCES t%s, ADD FOREIGN KEY (other_id) REFERENCES t%s', n, n - 1, n / 2);
    END IF;
    EXECUTE format('INSERT INTO t%s SELECT g, NULL, NULL, ''name '' || g, repeat(''x'', 50) FROM generate_series(1, 200) g', n);
  END LOOP;
  FOR n IN 1..10 LOOP
    EXECUTE format('DROP ROLE IF EXISTS bench_%s', n);
    EXECUTE format('CREATE ROLE bench_%s', n);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO bench_%s', n);
  END LOOP;
END $$;
ANALYZE
SQL

ask() { curl -sf -H 'Content-Type: application/json' "$@" -d '{"query":"{ t7(limit: 1) { id parent_id name } }"}' "$graphql_url"; }
answers() { ask "$@" | grep -q '"data"'; }
resident() { awk '/^VmRSS/ { printf "%.1f\n", $2 / 1000 }' "/proc/${running[gateway]}/status"; }
milliseconds() { date +%s%3N; }

for ((r = 1; r <= reps; ++r)); do
  begin_start=$(milliseconds)
  start_gateway
  until_true answers
  sample memory_answer ours $r $(($(milliseconds) - begin_start))
  sample memory_start ours $r "$(resident)"
  asked=0
  for n in 1 2 3 4 5 6 7 8 9 10; do
    if answers -H "X-Hasura-Role: bench_$n" 2> /dev/null; then asked=$((asked + 1)); fi
  done
  if [ $asked -eq 10 ]; then sample memory_roles ours $r "$(resident)"; fi
  finish gateway
done

# The same mixture in tenths; `mixed.lua` says what is in it.
total=${MIXED:-1000000}
start_gateway
done_so_far=0
tenth=
while [ $done_so_far -lt "$total" ]; do
  answer=$(wrk -t1 -c32 -d5s -s $here/mixed.lua "$graphql_url")
  if ! grep -q '^crashed 0$' <<< "$answer"; then say "mixed requests: $answer"; exit 1; fi
  done_so_far=$((done_so_far + $(awk '/requests in/ { print $1 }' <<< "$answer")))
  if [ -z "$tenth" ] && [ $done_so_far -ge $((total / 10)) ]; then tenth=$(resident); fi
done
say "$done_so_far mixed requests"
sample memory_tenth ours 1 "$tenth"
sample memory_all tenth 1 "$tenth"
sample memory_all all 1 "$(resident)"
