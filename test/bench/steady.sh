# What writers notice of an event trigger while its events are delivered: 5,000 transactions a second, synchronous_commit off. A
# latency counts from the moment at which the transaction was due; those of the first half second, in which sessions begin, do not
# count. Variants as in capture.sh, and `held`: with the event trigger, delivery off.
rate=5000
warm_up=0.5  # seconds
for key in insert update; do
  for reference in bare none; do
    name='a server without the extension'
    [ $reference = bare ] || name='no trigger, same server'
    row p99_$key "p99 of a single-row ${key^^}, 5,000/s, delivered meanwhile, against $name" ours $reference ms 2 '<= 1.2'
    row writers_$key "CPU of the backends for an ${key^^}, 5,000/s, delivered meanwhile, against $name" ours $reference us 1
  done
  row p99_$key "p99 of a single-row ${key^^}, 5,000/s, delivery off, against no trigger, same server" held none ms 2
  row lag_$key "lag that delivery gains in a second of them (${key^^})" ours '' ms 1 '<= 20'
  row captured_$key "CPU of the backends per event captured (${key^^}, beyond a server without the extension)" ours '' us 1
  row delivered_$key "CPU of the worker per event delivered (${key^^})" ours '' us 1
done
if ! has sink; then exit 0; fi

p99() {
  sort -n -k5,5 -k6,6 "$out"/writers.* | awk -v warm_up="$warm_up" '{ at = $5 + $6 / 1e6 } NR == 1 { begin = at + warm_up } at >= begin { print $3 }' |
    sort -n | awk '{ value[NR] = $1 } END { printf "%.3f", value[int(NR * 0.99) + 1] / 1000 }'
}
# From the last commit to the last arrival, for each second that was written.
lag() {
  sort -n -k5,5 -k6,6 "$out"/writers.* | tail -1 | awk -v arrival="$(sink_stats last_ns)" -v secs="$secs" \
    '{ printf "%.2f", (arrival / 1e6 - ($5 * 1e3 + $6 / 1e3)) / secs }'
}

measure() {  # KEY VARIANT REPETITION
  local process='' sessions delivery count
  rm -f "$out"/writers.*
  curl -sf "$sink_url/reset" > /dev/null
  sessions=$(session_ticks $cluster)
  if [ "$2" = ours ]; then process=$(worker) delivery=$(ticks "$process"); fi
  count=$("$bin/pgbench" -n -M prepared -c 8 -j 2 -T "$secs" -R $rate -l --log-prefix="$out/writers" -f "$here/$1.pgb" "$url" \
    2>/dev/null | processed)
  sample p99_"$1" "$2" "$3" "$(p99)"
  if [ "$2" = ours ]; then
    until_true received "$count"
    sample lag_"$1" "$2" "$3" "$(lag)"
    sample delivered_"$1" "$2" "$3" "$(microseconds $(($(ticks "$process") - delivery)) "$count")"
  fi
  figure=$(microseconds $(($(session_ticks $cluster) - sessions)) "$count")
  sample writers_"$1" "$2" "$3" "$figure"
}

start sink "$port_sink" "$bench_bin/sink" "$port_sink"
export PGOPTIONS='-c synchronous_commit=off'
for ((r = 1; r <= reps; ++r)); do
  for key in insert update; do
    for variant in bare none held ours; do
      setting deliver=$([ $variant = held ] && echo off || echo on)
      prepare_orders $key ${variant/held/ours} > "$out/steady.log"
      measure $key $variant $r
      [ $variant != bare ] || bare=$figure
    done
    sample captured_$key ours $r "$(awk -v with="$figure" -v without="$bare" 'BEGIN { printf "%.1f", with - without }')"
  done
done
