# What it costs a commit to wake the worker (shared::RingDoorbell in the commit callback), synchronous_commit on, 32 clients: BENCH's
# transactions of one INSERT and one SELECT. Nothing of ours rings and does nothing else, so there are three ways to it. What the
# worker does when it is awake (a look for new events, always) takes its share of the two cores, and is in the figures.
# plain: nobody is woken; rings: the SELECT calls a function that only rings at commit (the worker then looks for retries, by SQL);
# watched: the plain transaction while a connection watches for changes (the worker then notifies it); notify: the SELECT is
# pg_notify, and a connection listens; silent, woken: the INSERT is captured for a paused event trigger, so that nothing is posted, with
# delivery off, which wakes nobody, and on.
row wake 'commit that wakes the worker for an event, 32 clients, against the same without waking' woken silent tps 0 '>= 0.95'
row wake 'commit that wakes the worker by a change signal, 32 clients, against plain' watched plain tps 0 '>= 0.95'
row wake 'commit that wakes the worker to look for retries, 32 clients, against plain' rings plain tps 0 '>= 0.95'
row cpu_wake 'CPU of the worker per commit meanwhile: for an event' woken '' us 1
row cpu_wake 'CPU of the worker per commit meanwhile: by a change signal' watched '' us 1
row wake 'peer: NOTIFY in the transaction, 32 clients, against plain' notify plain tps 0
if [ -z "${BENCH:-}" ]; then exit 0; fi

# A session that stays: it runs the statements, and then something small from time to time, so that it reads what it is sent.
attend() { PGAPPNAME=attendant sql -d "$main_url" -f - <<< "$1 SELECT 1 \\watch 0.2" > /dev/null 2>&1; }
attended() { [ "$(sql -d "$main_url" -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'attendant' AND query LIKE 'SELECT 1%'")" = 1 ]; }
dismiss() { sql -d "$main_url" -c "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'attendant'"; }

for ((r = 1; r <= reps; ++r)); do
  for variant in plain rings watched notify silent woken; do
    script=plain triggers=none deliver=on
    case $variant in
      rings) script=latch ;;
      notify) script=notify ;;
      silent) triggers=ours deliver=off ;;
      woken) triggers=ours ;;
    esac
    {
      prepare_orders insert $triggers
      setting deliver=$deliver
      [ $triggers = none ] || sql -d "$main_url" -c "SELECT threefactor.pause('bench')"
    } > "$out/wake.log"
    case $variant in
      watched) attend 'LISTEN threefactor; SELECT threefactor.watch();' & ;;
      notify) attend 'LISTEN ev;' & ;;
    esac
    case $variant in watched | notify) until_true attended ;; esac
    sed 's/cap_arm()/threefactor_private.parked_changed()/' "$BENCH/capture/commit_$script.pgb" > "$out/commit.pgb"
    process=$(worker)
    begin=$(ticks "$process")
    "$bin/pgbench" -n -M prepared -c 32 -j 2 -T "$secs" -f "$out/commit.pgb" "$main_url" > "$out/wake.figures" 2>/dev/null
    sample cpu_wake $variant $r "$(microseconds $(($(ticks "$process") - begin)) "$(processed < "$out/wake.figures")")"
    sample wake $variant $r "$(transactions < "$out/wake.figures")"
    dismiss > "$out/wake.log"
    wait
  done
done
