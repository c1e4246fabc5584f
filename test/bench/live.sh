# From COMMIT to the push of a subscription, 100 changes/s (each touches one row), over a WebSocket on the same machine.
for cohorts in 1 100; do
  for quantile in p50 p99; do
    row live_${cohorts}_$quantile "COMMIT returned to push, 100 changes/s, distinct live queries: $cohorts, $quantile" ours '' ms 2
    row live_sent_${cohorts}_$quantile "COMMIT sent to push, likewise, distinct live queries: $cohorts, $quantile" ours '' ms 2
  done
done
start_gateway
for ((r = 1; r <= reps; ++r)); do
  for cohorts in 1 100; do
    test/support/node.sh $here/push_latency.mjs "$main_url" "$graphql_url" $cohorts 100 "$secs" > "$out/live.figures"
    while read -r point p50 p99; do
      name=live_${cohorts}
      [ "$point" = returned ] || name=live_sent_${cohorts}
      sample ${name}_p50 ours $r "$p50"
      sample ${name}_p99 ours $r "$p99"
    done < "$out/live.figures"
  done
done
