# Posting events: a backlog as fast as it goes against one thread of libcurl alone, a receiver that takes 20 ms, and the time from
# COMMIT to the arrival. As shipped: attempts recorded with status and response, settlement synchronous; signed.
row delivered 'delivered events/s, 600-byte bodies, 64 in flight, against one thread of libcurl multi' ours curl /s 0 '>= 0.6'
row slow 'delivered events/s, receiver of 20 ms, 256 in flight, against 256 / 20 ms' ours limit /s 0 '>= 0.9'
row slow 'the same, against one thread of libcurl multi' ours curl /s 0
for quantile in p50 p99; do
  row sent_$quantile "COMMIT sent to received, 100 events/s, $quantile" ours '' ms 2 "$([ $quantile = p50 ] && echo '<= 1.0' || echo '<= 3')"
  row returned_$quantile "COMMIT returned to received, 100 events/s, $quantile" ours '' ms 2
done
row delivered 'delivered events/s, 64 in flight, against graphile-worker tuned (local queue of 500, 24 at once)' ours graphile /s 0 '>= 3'
row delivered 'delivered events/s, 64 in flight, against pg-boss (4 workers, batches of 1,000)' ours boss /s 0
if ! has sink; then exit 0; fi

# libcurl without a database. Of a peer, its start included; not more jobs: graphile-worker takes all in one statement, and minutes for 40,000.
alone() { "$bench_bin/curl_limit" "$sink_url/" "$1" "$secs" 600 poll | sed 's/.*rps=\([0-9]*\).*/\1/'; }  # CONNECTIONS
per_second() { sed -n 's/^RESULT .*jps=\([0-9]*\).*/\1/p'; }
start sink "$port_sink" "$bench_bin/sink" "$port_sink"
make_messages
peers=no
if install_peers; then peers=yes; fi
for ((r = 1; r <= reps; ++r)); do
  sample delivered curl $r "$(alone 64)"
  sample delivered ours $r "$(backlog $((15000 * secs)))"
  [ $peers = yes ] || continue
  sample delivered graphile $r "$(timeout 120 "${node_peer[@]}" "$peer_directory/graphile_worker.mjs" 24 10000 "$sink_url/" | per_second)"
  sample delivered boss $r "$(timeout 120 "${node_peer[@]}" "$peer_directory/pg_boss.mjs" 4 1000 20000 "$sink_url/" | per_second)"
done
finish sink

setting concurrency=256
start sink "$port_sink" "$bench_bin/sink" "$port_sink" 20
for ((r = 1; r <= reps; ++r)); do
  sample slow limit $r 12800
  sample slow curl $r "$(alone 256)"
  sample slow ours $r "$(backlog $((10000 * secs)))"
done
finish sink
setting concurrency=64

for ((r = 1; r <= reps; ++r)); do
  start sink "$port_sink" env SINK_LOG="$out/sink.arrivals" "$bench_bin/sink" "$port_sink"
  "$bench_bin/latgen" "$main_url" 100 $((secs * 2)) "$out/commits" "INSERT INTO message SELECT \$1, repeat('x', $pad)"
  until_true received $((secs * 200))
  finish sink  # writes its log
  bash "$BENCH/delivery/latjoin.sh" "$out/commits" "$out/sink.arrivals" > "$out/latency"
  for point in sent returned; do
    for quantile in p50 p99; do
      sample ${point}_$quantile ours $r "$(sed -n "s/^after_commit_$point .*$quantile=\([0-9.]*\).*/\1/p" "$out/latency")"
    done
  done
done
