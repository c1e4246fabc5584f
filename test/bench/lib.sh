# Shared by run.sh and the groups, which run.sh sources in one shell. Samples go to samples.tsv (key, variant, repetition, value) and
# what the report makes of them to rows.tsv (key, title, variant measured, variant it is compared with, unit, digits, goal).

bench_bin=$out/bin                # programs compiled from BENCH and from test/bench
bin=$out/cluster/tree/bin         # psql, pgbench
database=bench
main_url=postgres://postgres@127.0.0.1:$port_main/$database
plain_url=postgres://postgres@127.0.0.1:$port_plain/$database

say() { echo "bench: $*" >&2; }

sql() { "$bin/psql" -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' "$@"; }  # -d URL ...

sample() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >> "$out/samples.tsv"; }  # KEY VARIANT REPETITION VALUE

row() {  # KEY TITLE VARIANT REFERENCE UNIT DIGITS [GOAL]
  local IFS=$'\t'
  echo "$*" >> "$out/rows.tsv"
}

# Waits for a condition, at most $patience seconds: until_true COMMAND... Pauses without another process.
patience=30
exec {never}<> <(:)
until_true() {
  local tries=0
  until "$@"; do
    [ $((tries += 1)) -le $((patience * 50)) ] || { say "waited in vain for: $*"; return 1; }
    read -r -t 0.02 -u "$never" || true
  done
}

listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# In the background until `finish NAME` or the end of the run: start NAME PORT PROGRAM ARGUMENTS...
declare -A running=()
start() {
  local name=$1 port=$2
  shift 2
  if listens "$port"; then say "port $port is in use; choose others with BENCH_PORTS"; return 1; fi
  "$@" > "$out/$name.log" 2>&1 < /dev/null &
  running[$name]=$!
  until listens "$port"; do
    if ! kill -0 "${running[$name]}" 2>/dev/null; then say "$name did not start: $(tail -3 "$out/$name.log")"; return 1; fi
    sleep 0.02
  done
}
finish() {
  [ -n "${running[$1]:-}" ] || return 0
  kill "${running[$1]}" 2>/dev/null || true
  wait "${running[$1]}" 2>/dev/null || true
  unset "running[$1]"
}
finish_all() {
  local name
  for name in "${!running[@]}"; do finish "$name"; done
}

has() { [ -x "$bench_bin/$1" ]; }  # a program that comes from BENCH

transactions() { awk '/^tps/ { print $3 }'; }  # a second, of pgbench
processed() { sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p'; }  # by pgbench
requests() { awk '/^RPS/ { print $2 } /^Requests\/sec/ { print $2 }'; }  # of wrk

# CPU time is far less noisy than wall time where a machine is shared. A process's own, in ticks; of the sessions of a cluster that
# have ended, its postmaster's sum over the children it has waited for (autovacuum's workers included).
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }  # PID
session_ticks() {  # CLUSTER
  local postmaster
  postmaster=$(head -1 "$out/$1/data/postmaster.pid")
  until_true sessions_ended "$postmaster"
  awk '{ print $16 + $17 }' "/proc/$postmaster/stat"
}
sessions_ended() {  # POSTMASTER; one that has ended and is not yet waited for has an empty command line
  local child
  for child in $(cat "/proc/$1/task/$1/children"); do
    case $(tr '\0' ' ' 2>/dev/null < "/proc/$child/cmdline") in '' | *127.0.0.1\(*) return 1 ;; esac
  done
}
microseconds() {  # TICKS COUNT: for each
  awk -v ticks="$1" -v count="$2" -v hertz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", ticks / hertz * 1e6 / count }'
}

# For the groups that write orders; leaves $cluster and $url. Variants: bare (a server without the extension), none (with it, without
# an event trigger), ours (one event trigger), plpgsql (BENCH's peer).
prepare_orders() {  # insert|update VARIANT
  cluster=cluster url=$main_url
  [ "$2" != bare ] || cluster=plain url=$plain_url
  sql -d "$url" -c 'TRUNCATE orders'
  if [ "$2" != bare ]; then
    # A new outbox each time: what was captured before stays undelivered.
    sql -d "$url" -c 'DROP SCHEMA IF EXISTS peer CASCADE' -c 'DROP EXTENSION threefactor CASCADE' -c 'CREATE EXTENSION threefactor'
    until_true worker_runs
  fi
  [ "$1" = insert ] || sql -d "$url" -c "INSERT INTO orders (order_id, user_id, restaurant_id, address) SELECT 'k' || g, 'user-' || g,
    g % 100, '12 Long Street, Flat ' || g FROM generate_series(1, 100000) AS g"
  case $2 in
    ours) sql -d "$url" -c "SELECT threefactor.create_event_trigger(name => 'bench', relation => 'orders', webhook => '$sink_url/',
            operations => '{${1^^}}', secrets => ARRAY['$secret'])" ;;
    plpgsql) sql -d "$url" -f "$BENCH/capture/peer_plpgsql.sql" \
            -c "CREATE TRIGGER peer AFTER $1 ON orders FOR EACH ROW EXECUTE FUNCTION peer.row_changed()" ;;
  esac
  sql -d "$url" -c 'VACUUM ANALYZE orders' -c CHECKPOINT
}
worker() { sql -d "$main_url" -c 'SELECT pid FROM threefactor_private.worker_status()'; }
worker_runs() { [ -n "$(worker)" ]; }

# Peers that are npm packages. They import from where they stand, so the programs that use them are copied beside the packages.
peer_directory=$out/peers
install_peers() {
  [ -n "${BENCH:-}" ] || return 1
  mkdir -p "$peer_directory"
  if [ ! "$peer_directory/node_modules/.package-lock.json" -nt $here/peers/package-lock.json ]; then
    cp $here/peers/package{,-lock}.json "$peer_directory"
    if ! npm --prefix "$peer_directory" ci --ignore-scripts --no-audit --no-fund > "$out/npm.log" 2>&1 < /dev/null; then
      say "could not install the peers ($out/npm.log)"
      return 1
    fi
  fi
  cp $here/peers/*.mjs "$BENCH/graphql/postgraphile/pgl.mjs" "$peer_directory"
}
node_peer=(env "PGURL=$main_url" NODE_ENV=production GRAPHILE_ENV=production test/support/node.sh)

# For the groups that post events to the sink. As shipped, and signed.
secret=whsec_$(printf 'threefactor bench, 32 bytes long' | base64)
sink_url=http://127.0.0.1:$port_sink
# Asked many times a second while the cores are wanted by others, hence without another process.
sink_says() {  # leaves $stats
  local sink line length=0
  exec {sink}<> "/dev/tcp/127.0.0.1/$port_sink"
  printf 'GET /stats HTTP/1.1\r\nHost: sink\r\n\r\n' >&"$sink"
  while read -r -u "$sink" line && [ "$line" != $'\r' ]; do
    case ${line,,} in content-length:*) length=${line//[^0-9]/} ;; esac
  done
  read -r -N "$length" -u "$sink" stats
  exec {sink}>&-
}
sink_stat() {  # NAME: leaves $stat
  sink_says
  [[ $stats =~ \"$1\":([0-9]+) ]] && stat=${BASH_REMATCH[1]}
}
sink_stats() { sink_stat "$1"; echo "$stat"; }
received() { sink_stat posts && [ "$stat" -ge "$1" ]; }

setting() {  # NAME=VALUE
  sql -d "$main_url" -c "ALTER SYSTEM SET threefactor.${1%%=*} = '${1#*=}'" -c 'SELECT pg_reload_conf()' > /dev/null
}

# Makes events that wait; posts so many, and gives the rate from the first arrival to the last.
fill() {  # EVENTS
  setting deliver=off
  sql -d "$main_url" -c 'TRUNCATE message' -c "INSERT INTO message SELECT 'b' || g, repeat('x', $pad) FROM generate_series(1, $1) AS g" \
    -c CHECKPOINT
  curl -sf "$sink_url/reset" > /dev/null
}
drain() {  # EVENTS
  setting deliver=on
  until_true received "$1"
  sink_rate
}
backlog() { fill "$1"; drain "$1"; }  # EVENTS
sink_rate() {
  sink_says
  sed 's/[^0-9]\+/ /g' <<< "$stats" | awk '{ printf "%.0f\n", $1 / (($5 - $4) / 1e9) }'  # posts bytes conns first last
}

# The event trigger, and $pad so that the whole body has 600 bytes. The sink must run.
make_messages() {
  pad=1
  sql -d "$main_url" -c "SELECT threefactor.create_event_trigger(name => 'message', relation => 'message', operations => '{INSERT}',
    webhook => '$sink_url/', secrets => ARRAY['$secret'])" > /dev/null
  backlog 100 > /dev/null
  pad=$((601 - $(sink_stats bytes) / 100))
}

start_gateway() {  # [OPTIONS...]
  start gateway "$port_gateway" env -u THREEFACTOR_ADMIN_SECRET build/gateway/threefactor-gateway \
    --listen "127.0.0.1:$port_gateway" --database-url "$main_url?options=-c%20synchronous_commit%3Doff" --log-level warn "$@"
}
graphql_url=http://127.0.0.1:$port_gateway/v1/graphql
