# What it costs a commit to wake somebody: BENCH's transaction of one INSERT and one SELECT, synchronous_commit on, 32 clients. No event
# trigger: a captured event writes a row as well. It is woken by the same call (shared::RingDoorbell) as in the variants here:
# plain: nobody is woken; rings: the SELECT calls a function that does nothing but ring the worker at commit (the worker then looks for
# retries and events); watched: the plain transaction, while a connection watches for changes (a change signal, and the worker's
# NOTIFY to it); notify: the SELECT is pg_notify, while a connection listens.
row wake 'commit that wakes the worker, 32 clients, against plain' rings plain tps 0 '>= 0.95'
row wake 'commit that wakes the worker by a change signal, 32 clients, against plain' watched plain tps 0 '>= 0.95'
row wake 'peer: NOTIFY in the transaction, 32 clients, against plain' notify plain tps 0
if [ -z "${BENCH:-}" ]; then exit 0; fi

# A session that stays: it runs the statements, and then something small from time to time, so that it reads what it is sent.
attend() { PGAPPNAME=attendant sql -d "$main_url" -f - <<< "$1 SELECT 1 \\watch 0.2" > /dev/null 2>&1; }
attended() { [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'attendant' AND query LIKE 'SELECT 1%'")" = 1 ]; }
dismiss() { sql -d "$main_url" -c "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'attendant'" > /dev/null; }

for ((r = 1; r <= reps; ++r)); do
  for variant in plain rings watched notify; do
    script=$variant
    case $variant in
      rings) script=latch ;;
      watched)
        script=plain
        attend 'LISTEN threefactor; SELECT threefactor.watch();' & ;;
      notify) attend 'LISTEN ev;' & ;;
    esac
    case $variant in watched | notify) until_true attended ;; esac
    sed 's/cap_arm()/threefactor.parked_changed()/' "$BENCH/capture/commit_$script.pgb" > "$out/commit.pgb"
    sql -d "$main_url" -c 'TRUNCATE orders' -c CHECKPOINT
    sample wake $variant $r "$("$bin/pgbench" -n -M prepared -c 32 -j 2 -T "$secs" -f "$out/commit.pgb" "$main_url" 2>/dev/null | transactions)"
    dismiss
    wait
  done
done
