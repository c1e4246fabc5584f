# What capturing a change costs the writer; delivery is paused, synchronous_commit off (CPU cost; fsync drifts too much here).
# bare: a server without the extension; none: with it, without an event trigger; ours: one event trigger; plpgsql: BENCH's peer.
clients=8
for reference in bare none; do
  name='a server without the extension'
  [ $reference = bare ] || name='no trigger, same server'
  row insert "single-row INSERT, 8 clients, against $name" ours $reference tps 0 '>= 0.80'
  row update "single-row UPDATE, 8 clients, against $name" ours $reference tps 0 '>= 0.80'
  row bulk_insert "100,000-row INSERT, against $name" ours $reference ms 0 '<= 1.5'
  row bulk_update "100,000-row UPDATE, against $name" ours $reference ms 0 '<= 2.1'
done
for key in insert update; do row $key "the extension alone, no trigger, single-row $key, against a server without it" none bare tps 0; done
for key in insert update; do row $key "peer: plpgsql outbox, single-row $key" plpgsql none tps 0; done
for key in bulk_insert bulk_update; do row $key "peer: plpgsql outbox, 100,000-row ${key#bulk_}" plpgsql none ms 0; done

rows() {  # URL PREFIX: 100,000 of them
  sql -d "$1" -c "INSERT INTO orders (order_id, user_id, restaurant_id, address) SELECT $2, 'user-' || g, g % 100,
    '12 Long Street, Flat ' || g FROM generate_series(1, 100000) AS g"
}

prepare() {  # KEY VARIANT; leaves $url
  local operation=${1#bulk_}
  url=$main_url
  [ "$2" != bare ] || url=$plain_url
  sql -d "$url" -c 'TRUNCATE orders'
  if [ "$2" != bare ]; then
    # A new outbox each time: what was captured before stays undelivered.
    sql -d "$url" -c 'DROP TRIGGER IF EXISTS peer ON orders' -c 'DROP EXTENSION threefactor CASCADE' -c 'CREATE EXTENSION threefactor'
    [ "$plpgsql" = no ] || sql -d "$url" -c 'TRUNCATE peer.log'
  fi
  [ "$operation" = insert ] || rows "$url" "'k' || g"
  case $2 in
    ours) sql -d "$url" -c "SELECT threefactor.create_event_trigger(name => 'bench', relation => 'orders',
            webhook => 'http://127.0.0.1:$port_sink/', operations => '{${operation^^}}')" ;;
    plpgsql) sql -d "$url" -c "CREATE TRIGGER peer AFTER $operation ON orders FOR EACH ROW EXECUTE FUNCTION peer.row_changed()" ;;
  esac
  sql -d "$url" -c 'VACUUM ANALYZE orders' -c CHECKPOINT
}

timed() {  # SQL: milliseconds of it
  sql -d "$url" -c '\timing on' -c "$1" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -1
}

measure() {  # KEY
  case $1 in
    insert | update) "$bin/pgbench" -n -M prepared -c $clients -j 2 -T "$secs" -f "$here/$1.pgb" "$url" 2>/dev/null | transactions ;;
    bulk_insert) timed "INSERT INTO orders (order_id, user_id, restaurant_id, address) SELECT gen_random_uuid()::text, 'user-' || g,
                   g % 100, '12 Long Street, Flat ' || g FROM generate_series(1, 100000) AS g" ;;
    bulk_update) timed 'UPDATE orders SET payment_valid = NOT coalesce(payment_valid, false)' ;;
  esac
}

plpgsql=no
variants=(bare none ours)
if [ -n "${BENCH:-}" ]; then
  plpgsql=yes
  variants+=(plpgsql)
  sql -d "$main_url" -f "$BENCH/capture/peer_plpgsql.sql"
fi
sql -d "$main_url" -c 'ALTER SYSTEM SET threefactor.deliver = off' -c 'SELECT pg_reload_conf()' > "$out/capture.log"
export PGOPTIONS='-c synchronous_commit=off'
for ((r = 1; r <= reps; ++r)); do
  for key in insert update bulk_insert bulk_update; do
    for variant in "${variants[@]}"; do
      prepare $key "$variant" >> "$out/capture.log"
      sample $key "$variant" $r "$(measure $key)"
    done
  done
done
unset PGOPTIONS
sql -d "$main_url" -c 'DROP TRIGGER IF EXISTS peer ON orders' -c 'DROP EXTENSION threefactor CASCADE' -c 'CREATE EXTENSION threefactor' \
  -c 'ALTER SYSTEM RESET threefactor.deliver' -c 'SELECT pg_reload_conf()' >> "$out/capture.log"
