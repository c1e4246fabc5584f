# What must not slow deliveries down, nor make tables grow: a backlog of 1,000,000 events, and a session that holds a snapshot all the time.
row backlog 'delivered events/s out of a backlog of 1,000,000, against a small one' large small /s 0 '>= 0.9'
row cpu_backlog 'likewise: CPU of the worker per event' large small us 1
row snapshot 'delivered events/s after 200,000 others while a session holds a snapshot, against without' held free /s 0 '>= 0.9'
row cpu_snapshot 'likewise: CPU of the worker per event' held free us 1
row growth 'tables of the extension after that (180 MB of events and attempts), partitions of 1 MB, retention 0' held '' kB 0 '<= 4096'
if ! has sink; then exit 0; fi

patience=600
start sink "$port_sink" "$bench_bin/sink" "$port_sink"
measured=$((15000 * secs))
measure() {  # ROW VARIANT REPETITION EVENTS
  local process begin rate
  fill "$4"
  process=$(worker)
  begin=$(ticks "$process")
  rate=$(drain $measured)
  sample "cpu_$1" "$2" "$3" "$(microseconds $(($(ticks "$process") - begin)) "$(sink_stats posts)")"
  sample "$1" "$2" "$3" "$rate"
}
for ((r = 1; r <= reps; ++r)); do
  create_databases  # without what is left of the backlog
  make_messages
  measure backlog small $r $measured
  measure backlog large $r 1000000
done

size() {
  sql -d "$main_url" -c "SELECT sum(pg_total_relation_size(oid)) / 1024 FROM pg_class WHERE relnamespace = 'threefactor'::regnamespace AND relkind = 'r'"
}
hold() { PGAPPNAME=holder sql -d "$main_url" -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c 'SELECT 1' -c 'SELECT pg_sleep(3600)' > /dev/null 2>&1; }
holds() { [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND query LIKE '%pg_sleep%'")" = 1 ]; }
emptied() {  # but for the partitions that are written to
  [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_inherits WHERE inhparent IN ('threefactor.outbox'::regclass, 'threefactor.attempt'::regclass)
    AND pg_relation_size(inhrelid) > 0")" -le 2 ]
}
create_databases
setting outbox_partition_size=1MB
setting retention=0
make_messages
for ((r = 1; r <= reps; ++r)); do
  measure snapshot free $r $measured
  hold &
  until_true holds
  backlog 200000 > /dev/null
  measure snapshot held $r $measured
  until_true emptied
  backlog 100 > /dev/null  # not into the partition that took the last thousands
  until_true emptied
  sample growth held $r "$(size)"
  sql -d "$main_url" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'" > /dev/null
  wait $! || true
done
