# Posting events: a backlog as fast as it goes against one thread of libcurl alone, a receiver that takes 20 ms, and the time from
# COMMIT to the arrival. Settlement as shipped: attempts recorded, synchronous.
row delivered 'delivered events/s, 600-byte bodies, 64 in flight, against one thread of libcurl multi' ours curl /s 0 '>= 0.6'
row slow 'delivered events/s, receiver of 20 ms, 256 in flight, against 256 / 20 ms' ours limit /s 0 '>= 0.9'
for quantile in p50 p99; do
  row sent_$quantile "COMMIT sent to received, 100 events/s, $quantile" ours '' ms 2 "$([ $quantile = p50 ] && echo '<= 1.0' || echo '<= 3')"
  row returned_$quantile "COMMIT returned to received, 100 events/s, $quantile" ours '' ms 2
done
row graphile 'peer: graphile-worker tuned, against libcurl' graphile curl /s 0
if ! has sink; then exit 0; fi

start sink "$port_sink" "$bench_bin/sink" "$port_sink"
make_messages
for ((r = 1; r <= reps; ++r)); do
  sample delivered curl $r "$("$bench_bin/curl_limit" "$sink_url/" 64 "$secs" 600 poll | sed 's/.*rps=\([0-9]*\).*/\1/')"
  sample delivered ours $r "$(backlog $((15000 * secs)))"
done
finish sink

setting concurrency=256
start sink "$port_sink" "$bench_bin/sink" "$port_sink" 20
for ((r = 1; r <= reps; ++r)); do
  sample slow limit $r 12800
  sample slow ours $r "$(backlog $((10000 * secs)))"
done
finish sink
sql -d "$main_url" -c 'ALTER SYSTEM RESET threefactor.concurrency' -c 'SELECT pg_reload_conf()' > /dev/null

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
sql -d "$main_url" -c "SELECT threefactor.drop_event_trigger('message')" > /dev/null
