# What capturing a change costs the writer; delivery is paused, synchronous_commit off (CPU cost; fsync drifts too much here).
clients=8
for reference in bare none; do
  name='a server without the extension'
  [ $reference = bare ] || name='no trigger, same server'
  row insert "single-row INSERT, 8 clients, against $name" ours $reference tps 0 '>= 0.80'
  row update "single-row UPDATE, 8 clients, against $name" ours $reference tps 0 '>= 0.80'
  row bulk_insert "100,000-row INSERT, against $name" ours $reference ms 0 '<= 1.5'
  row bulk_update "100,000-row UPDATE, against $name" ours $reference ms 0 '<= 2.1'
  row cpu_insert "single-row INSERT: CPU of its backend, against $name" ours $reference us 1
  row cpu_update "single-row UPDATE: CPU of its backend, against $name" ours $reference us 1
  row cpu_bulk_insert "100,000-row INSERT: CPU of its backend, against $name" ours $reference ms 0
  row cpu_bulk_update "100,000-row UPDATE: CPU of its backend, against $name" ours $reference ms 0
done
for key in insert update; do
  row $key "the extension alone, no trigger, single-row ${key^^}, against a server without it" none bare tps 0
  row cpu_$key "the extension alone, no trigger, single-row ${key^^}: CPU of its backend" none bare us 1
  row bulk_$key "the extension alone, no trigger, 100,000-row ${key^^}, against a server without it" none bare ms 0
  row cpu_bulk_$key "the extension alone, no trigger, 100,000-row ${key^^}: CPU of its backend" none bare ms 0
done
for key in insert update; do row $key "peer: plpgsql outbox, single-row $key" plpgsql none tps 0; done
for key in bulk_insert bulk_update; do row $key "peer: plpgsql outbox, 100,000-row ${key#bulk_}" plpgsql none ms 0; done

timed() {  # SQL: its milliseconds, and those of CPU that its backend used
  sql -d "$url" -f - <<SQL | awk '/^Time:/ { wall = $2 } /^CPU/ { printf "%s %.1f\n", wall, ($3 - $2) / 1e6 }'
SELECT pg_backend_pid() AS backend \gset
\set before \`cut -d' ' -f1 /proc/:backend/schedstat\`
\timing on
$1;
\timing off
\set after \`cut -d' ' -f1 /proc/:backend/schedstat\`
\echo CPU :before :after
SQL
}

loaded() {  # KEY: transactions a second, and microseconds of CPU that the backends used for each
  local before figures
  before=$(session_ticks $cluster)
  figures=$("$bin/pgbench" -n -M prepared -c $clients -j 2 -T "$secs" -f "$here/$1.pgb" "$url" 2>/dev/null)
  echo "$(transactions <<< "$figures") $(microseconds $(($(session_ticks $cluster) - before)) "$(processed <<< "$figures")")"
}

measure() {  # KEY
  case $1 in
    insert | update) loaded "$1" ;;
    bulk_insert) timed "INSERT INTO orders (order_id, user_id, restaurant_id, address) SELECT gen_random_uuid()::text, 'user-' || g,
                   g % 100, '12 Long Street, Flat ' || g FROM generate_series(1, 100000) AS g" ;;
    bulk_update) timed 'UPDATE orders SET payment_valid = NOT coalesce(payment_valid, false)' ;;
  esac
}

variants=(bare none ours)
[ -z "${BENCH:-}" ] || variants+=(plpgsql)
setting deliver=off
export PGOPTIONS='-c synchronous_commit=off'
for ((r = 1; r <= reps; ++r)); do
  for key in insert update bulk_insert bulk_update; do
    for variant in "${variants[@]}"; do
      prepare_orders ${key#bulk_} "$variant" > "$out/capture.log"
      measure $key > "$out/capture.figures"
      read -r figure cpu < "$out/capture.figures"
      sample $key "$variant" $r "$figure"
      sample cpu_$key "$variant" $r "$cpu"
    done
  done
done
