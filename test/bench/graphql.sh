# Queries over HTTP, 32 connections, against BENCH's floor: one epoll thread with the best fixed SQL, no GraphQL at all.
row q1 'q1: one article by key, against the floor' ours floor req/s 0 '>= 0.8'
row q2 'q2: 20 articles with author, where, order, against the floor' ours floor req/s 0 '>= 0.8'
row q3 'q3: 20 authors x 5 articles, against the floor' ours floor req/s 0 '>= 0.8'
row q4 'q4: aggregate count, against the floor' ours floor req/s 0 '>= 0.95'
for q in q1 q2 q3 q4; do row p99_$q "$q: p99 of the latency" ours floor ms 2; done
for q in q1 q2 q3 q4; do row cpu_$q "$q: CPU of the gateway (of the floor) per request" ours floor us 1; done
for q in q1 q2 q3 q4; do
  goal=
  case $q in q1 | q2) goal='>= 4' ;; q3) goal='>= 2.5' ;; esac
  row $q "$q: against PostGraphile 5 (two processes)" ours postgraphile req/s 0 "$goal"
done
row uncached 'a document not seen before (q3): from its text to SQL, by Server-Timing, against 300 us' ours limit us 0 '<= 1'
if ! has floor; then exit 0; fi

statement() { sed -n '2{s/:[a-z]*::int/$1::int/;s/;$//;p}' "$BENCH/graphql/$1.pgb"; }
sql -d "$main_url" -f "$BENCH/graphql/dataset.sql" > "$out/dataset.log"
start floor "$port_floor" "$bench_bin/floor" "$port_floor" "$main_url" 4 \
  "$(statement q1f)" "$(statement q2t)" "$(statement q3t)" "$(statement q4f)"
# shellcheck disable=SC2086
start_gateway ${GATEWAY_OPTIONS:-}
peers=no
if install_peers && start postgraphile "$port_peer" "${node_peer[@]}" "$peer_directory/pgl.mjs" "$port_peer" 2; then peers=yes; fi
postgraphile_url=http://127.0.0.1:$port_peer/graphql

# A fast wrong answer is no answer: both must say the same.
for q in q1 q2 q3 q4; do
  body=$(sed 's/@[0-9]*@/7/' $here/queries/$q.json)
  for variant in floor ours; do
    url=$graphql_url
    [ $variant = ours ] || url=http://127.0.0.1:$port_floor/${q#q}
    curl -sf -H 'Content-Type: application/json' -d "$body" "$url" > "$out/$q.$variant.json"
  done
  test/support/node.sh $here/same_data.mjs "$out/$q.floor.json" "$out/$q.ours.json"
  [ $peers = yes ] || continue
  # It names things its own way, and answers a query that fails with status 200.
  answer=$(sed 's/@[0-9]*@/7/' "$BENCH/graphql/postgraphile/$q.json" | curl -sf -H 'Content-Type: application/json' -d @- "$postgraphile_url")
  if [[ $answer != '{"data":{'* || $answer == *'"errors"'* ]]; then peers=no; say "PostGraphile, $q: $answer"; fi
  # Its code is compiled while it runs.
  GQL=$BENCH/graphql/postgraphile/$q.json wrk -t1 -c32 -d3s -s "$BENCH/graphql/wrk_post.lua" "$postgraphile_url" > /dev/null
done

load() {  # QUERY VARIANT PROCESS URL REPETITION [QUERIES]
  local before answer
  before=$(ticks "${running[$3]}")
  answer=$(GQL=${6:-$here/queries}/$1.json wrk -t1 -c32 -d"${secs}s" --latency -s "$BENCH/graphql/wrk_post.lua" "$4")
  if ! grep -q 'errors 0 non2xx 0' <<< "$answer"; then say "$1 $2: $answer"; return 1; fi
  sample "$1" "$2" "$5" "$(requests <<< "$answer")"
  sample "p99_$1" "$2" "$5" "$(sed -n 's/^RPS.*p99_ms \([0-9.]*\).*/\1/p' <<< "$answer")"
  sample "cpu_$1" "$2" "$5" "$(microseconds $(($(ticks "${running[$3]}") - before)) "$(awk '/requests in/ { print $1 }' <<< "$answer")")"
}
# The median of what 50 documents took that differ in the operation's name.
uncached() {  # REPETITION
  local i
  for ((i = 0; i < 50; ++i)); do
    sed "s/query(/query Q_$1_$i(/; s/@[0-9]*@/7/" $here/queries/q3.json |
      curl -sf -o /dev/null -D - -H 'Content-Type: application/json' -H 'X-Threefactor-Debug: timing' -d @- "$graphql_url"
  done | awk -F '[;=,]' '/^Server-Timing/ { sum = 0; for (i = 1; i <= NF; i++) if ($i ~ /(parse|validate|plan|compile)$/) sum += $(i + 2); print sum * 1000 }' |
    sort -n | sed -n 25p
}
for ((r = 1; r <= reps; ++r)); do
  sample uncached limit $r 300
  sample uncached ours $r "$(uncached $r)"
  for q in q1 q2 q3 q4; do
    load $q floor floor "http://127.0.0.1:$port_floor/${q#q}" $r
    load $q ours gateway "$graphql_url" $r
    [ $peers = no ] || load $q postgraphile postgraphile "$postgraphile_url" $r "$BENCH/graphql/postgraphile"
  done
done
