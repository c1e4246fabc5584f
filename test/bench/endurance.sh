# What must not slow deliveries down, nor make tables grow: a backlog of 1,000,000 events, and a session that holds a snapshot all the time.
row backlog 'delivered events/s out of a backlog of 1,000,000, against one of 15,000' large small /s 0 '>= 0.9'
row snapshot 'delivered events/s while another session holds a snapshot, against without' held free /s 0 '>= 0.9'
row growth 'tables of the extension after as many deliveries again, a snapshot held, partitions of 1 MB, retention 0' after before kB 0 '<= 1.2'
if ! has sink; then exit 0; fi

million=1000000
start sink "$port_sink" "$bench_bin/sink" "$port_sink"
make_messages
for ((r = 1; r <= reps; ++r)); do
  sample backlog small $r "$(backlog $((15000 * secs)))"
  setting deliver=off
  sql -d "$main_url" -c 'TRUNCATE message' -c "INSERT INTO message SELECT 'b' || g, repeat('x', $pad) FROM generate_series(1, $million) AS g" \
    -c CHECKPOINT
  curl -sf "$sink_url/reset" > /dev/null
  setting deliver=on
  until_true received $((15000 * secs))
  sample backlog large $r "$(sink_rate)"
  # The rest is archived, not posted.
  sql -d "$main_url" -c "SELECT threefactor.drop_event_trigger('message')" > /dev/null
  make_messages
done

size() {
  sql -d "$main_url" -c "SELECT sum(pg_total_relation_size(oid)) / 1024 FROM pg_class WHERE relnamespace = 'threefactor'::regnamespace AND relkind = 'r'"
}
hold() { sql -d "$main_url" -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c 'SELECT 1' -c 'SELECT pg_sleep(3600)' > /dev/null; }
holds() { [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")" = 1 ]; }
setting outbox_partition_size=1MB
setting retention=0
emptied() {  # but for the partitions that are written to
  [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_inherits WHERE inhparent IN ('threefactor.outbox'::regclass, 'threefactor.attempt'::regclass)
    AND pg_relation_size(inhrelid) > 0")" -le 2 ]
}
for ((r = 1; r <= reps; ++r)); do
  sample snapshot free $r "$(backlog $((15000 * secs)))"
  hold &
  holder=$!
  until_true holds
  sample snapshot held $r "$(backlog $((15000 * secs)))"
  until_true emptied
  sample growth before $r "$(size)"
  backlog $((15000 * secs)) > /dev/null
  until_true emptied
  sample growth after $r "$(size)"
  sql -d "$main_url" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'" > /dev/null
  wait "$holder" 2> /dev/null || true
done
finish sink
sql -d "$main_url" -c "SELECT threefactor.drop_event_trigger('message')" -c 'ALTER SYSTEM RESET threefactor.outbox_partition_size' \
  -c 'ALTER SYSTEM RESET threefactor.retention' -c 'SELECT pg_reload_conf()' > /dev/null
