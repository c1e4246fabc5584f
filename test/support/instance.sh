#!/bin/bash
# The running instance behind `make up`, `make down` and `make dev`: a private cluster, the gateway and the demo's handlers.
#   instance.sh up         starts what does not run, waits until all serve, writes var/env
#   instance.sh restart    likewise, but also replaces what runs from an older build
#   instance.sh down       stops all
#   instance.sh destroy    stops all and removes the data
# Everything of it is under var/: cluster/, gateway.{pid,log}, handlers.{pid,log}, env.
set -euo pipefail
umask 022
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
gateway=$build/gateway/threefactor-gateway
handlers=$build/handlers/food-ordering-handlers
: "${GATEWAY_PORT:=8080}" "${HANDLERS_PORT:=8081}" "${DATABASE_PORT:=5433}"
cluster() { local command=$1; shift; test/support/cluster.sh "$command" var/cluster "$@"; }
fail() { echo "instance.sh: $*" >&2; exit 1; }

# When a process id began: a pid file alone may name a process that got the number later.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

runs() {  # NAME
  local pid start state
  read -r pid start _ 2>/dev/null < "var/$1.pid" || return 1
  state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f1) || return 1
  [ -n "$state" ] && [ "$state" != Z ] && [ "$(started "$pid")" = "$start" ]
}

listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }  # PORT

healthy() {  # PORT
  local status
  status=$({ exec 3<> "/dev/tcp/127.0.0.1/$1" && printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 \
    && read -r -t 2 status <&3 && echo "$status"; } 2>/dev/null) && [[ $status == *' 200'* ]]
}

# In the background, until it serves. What runs with the same arguments is left alone.
start() {  # NAME PORT VARIABLE PROGRAM ARGUMENTS...
  local name=$1 port=$2 variable=$3 arguments tries=0
  shift 3
  arguments=$(echo "$*" "${THREEFACTOR_ADMIN_SECRET:-}" | sha256sum | cut -c1-16)
  if runs "$name"; then
    [ "$(cut -d' ' -f3 "var/$name.pid")" != "$arguments" ] || return 0
    stop "$name"
  fi
  if listens "$port"; then fail "port $port is in use by another program; choose another: make up $variable=..."; fi
  setsid "$@" > "var/$name.log" 2>&1 < /dev/null &
  echo "$! $(started $!) $arguments" > "var/$name.pid"
  until healthy "$port"; do
    if ! runs "$name" || [ $((tries += 1)) -gt 600 ]; then
      tail -20 "var/$name.log" >&2
      fail "$name does not serve (var/$name.log)"
    fi
    sleep 0.05
  done
}

stop() {  # NAME
  local pid tries=0
  if runs "$1"; then
    read -r pid _ < "var/$1.pid"
    kill -TERM "$pid"
    while runs "$1"; do
      [ $((tries += 1)) -lt 300 ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.05
    done
  fi
  rm -f "var/$1.pid"
}

outdated() {  # NAME PROGRAM: the process runs another file than the one that was built last
  local pid
  runs "$1" && read -r pid _ < "var/$1.pid" && [ "$(stat -Lc %d:%i "/proc/$pid/exe")" != "$(stat -Lc %d:%i "$2")" ]
}

sql() { var/cluster/tree/bin/psql -XqAt -v ON_ERROR_STOP=1 "$@" 2>&1; }

start_cluster() {
  [ -e var/cluster/data/PG_VERSION ] || cluster create "$DATABASE_PORT"
  if ! cluster status; then
    if listens "$DATABASE_PORT"; then
      fail "port $DATABASE_PORT is in use by another program; choose another: make up DATABASE_PORT=..."
    fi
    cluster start "$DATABASE_PORT"
  fi
  database_url=$(cluster url food_ordering)
  gateway_url=${database_url/\/\/*@/\/\/gateway@}
}

# The extension, the schema and the event triggers; again only when one of them, or where the handlers are, has changed. The
# extension's script has one version while it is being developed: when it has changed, its objects are made anew.
prepare_database() {
  local installed wanted output
  [ "$(sql "$(cluster url)" -c "SELECT count(*) FROM pg_database WHERE datname = 'food_ordering'")" = 1 ] ||
    sql "$(cluster url)" -c 'CREATE DATABASE food_ordering'
  installed=$(cat "$(var/cluster/tree/bin/pg_config --sharedir)"/extension/threefactor--*.sql | sha256sum | cut -c1-16)
  wanted="$installed $(cat handlers/food_ordering/*.sql test/support/instance_roles.sql | sha256sum | cut -c1-16) $HANDLERS_PORT"
  [ "$(cat var/prepared 2>/dev/null)" != "$wanted" ] || return 0
  {
    echo 'SET client_min_messages = warning;'
    [ "$(cut -d' ' -f1 var/prepared 2>/dev/null)" = "$installed" ] || echo 'DROP EXTENSION IF EXISTS threefactor CASCADE;'
    echo 'CREATE EXTENSION IF NOT EXISTS threefactor;'
    cat test/support/instance_roles.sql handlers/food_ordering/schema.sql handlers/food_ordering/event_triggers.sql
  } > var/prepare.sql
  output=$(sql "$database_url" -v handlers_url="http://127.0.0.1:$HANDLERS_PORT" -f var/prepare.sql) ||
    { echo "$output" >&2; fail "could not prepare the database"; }
  echo "$wanted" > var/prepared
}

write_env() {
  (umask 077; cat > var/env.new) <<ENV
DATABASE_URL='$database_url'
GATEWAY_URL='http://127.0.0.1:$GATEWAY_PORT'
HANDLERS_URL='http://127.0.0.1:$HANDLERS_PORT'
ADMIN_SECRET='$admin_secret'
ENV
  mv var/env.new var/env
}

up() {
  mkdir -p var
  if [ -n "${ADMIN_SECRET:-}" ]; then
    admin_secret=$ADMIN_SECRET
  else
    [ -s var/admin_secret ] || (umask 077; head -c 24 /dev/urandom | base64 | tr '+/' '-_' > var/admin_secret)
    admin_secret=$(cat var/admin_secret)
  fi
  echo "Starting a database server on port $DATABASE_PORT"
  start_cluster
  prepare_database
  echo "Starting the handlers on port $HANDLERS_PORT and the gateway on port $GATEWAY_PORT"
  start handlers "$HANDLERS_PORT" HANDLERS_PORT "$handlers" --listen "127.0.0.1:$HANDLERS_PORT" --database-url "$database_url"
  # By environment: other users could read a secret among the arguments.
  THREEFACTOR_ADMIN_SECRET=$admin_secret start gateway "$GATEWAY_PORT" GATEWAY_PORT \
    "$gateway" --listen "127.0.0.1:$GATEWAY_PORT" --database-url "$gateway_url" --admin-role gateway_admin
  write_env
}

restart() {
  if cluster status && [ -n "$(cluster refresh)" ]; then cluster stop; fi
  ! outdated gateway "$gateway" || stop gateway
  ! outdated handlers "$handlers" || stop handlers
  up
}

down() {
  [ -d var ] || return 0
  stop gateway
  stop handlers
  [ ! -e var/cluster/data/PG_VERSION ] || cluster stop
}

case ${1:-} in
  up) up ;;
  restart) restart ;;
  down) down ;;
  destroy)
    down
    cluster destroy
    rm -f var/env var/prepare.sql var/prepared var/admin_secret var/*.log ;;
  *) sed -n '3,6p' "$0" >&2; exit 2 ;;
esac
