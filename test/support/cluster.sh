#!/bin/bash
# A private Postgres cluster with the extension, for tests and for `make up`.
#   cluster.sh create DIR PORT [name=value ...]     makes it (settings as in postgresql.conf) with a Postgres tree of its own
#   cluster.sh start DIR [PORT [name=value ...]]    starts it, waits until it serves; PORT and settings replace the earlier ones
#   cluster.sh stop DIR                             fast shutdown, waits for it
#   cluster.sh kill DIR                             SIGKILL of the postmaster and of every child, waits until they are gone
#   cluster.sh replica DIR PORT PRIMARY [name=value ...]  makes a hot standby of the running cluster PRIMARY; start it
#   cluster.sh promote DIR                          makes a standby a primary, waits for it
#   cluster.sh destroy DIR                          stops it and removes everything
#   cluster.sh status DIR                           exit code 0 when it runs, 1 when not
#   cluster.sh refresh DIR                          installs the extension as built now; says 'changed' when it was another one
#   cluster.sh url DIR [DATABASE]                   prints a connection URL of its superuser
#
# SERVER_ENVIRONMENT: words NAME=VALUE, variables of the server that `start` starts.
# DIR holds tree/ (binaries), data/ and log; a replica's tablespaces are in DIR/tablespaces. Postgres refuses to run as root: root's clusters run as the user `postgres`. Where
# that user cannot reach DIR (a clone below /root), DIR becomes a link to a directory under /var/lib/threefactor.
# Connections: TCP on 127.0.0.1 only, without a password: for a machine whose users trust each other.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd -P)
server_user=postgres

fail() { echo "cluster.sh: $*" >&2; exit 1; }
usage() { sed -n '2,12p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
command=$1
mkdir -p "$(dirname "$2")"
directory=$(cd "$(dirname "$2")" && pwd -P)/$(basename "$2")
shift 2

as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && exec setpriv --reuid="$server_user" --regid="$server_user" --init-groups --reset-env "$@")
  else
    (cd / && exec env -u PGDATA -u PGPORT -u PGHOST "$@")
  fi
}

# The place of DIR that the server's user can reach; makes the link where one is needed.
make_directory() {
  if [ "$(id -u)" -ne 0 ]; then mkdir -p "$directory"; return; fi
  id "$server_user" >/dev/null 2>&1 || fail "there is no user '$server_user' to run Postgres as: run 'make deps'"
  if as_server test -x "$(dirname "$directory")"; then
    mkdir -p "$directory"
  else
    local base
    base=/var/lib/threefactor/$(printf %s "$directory" | sha256sum | cut -c1-12)
    mkdir -p "$base"
    ln -sfn "$base" "$directory"
  fi
  chown "$server_user" "$directory/"
}

write_settings() {  # PORT [name=value ...]
  local port=$1 setting
  shift
  {
    echo "port = $port"
    for setting in "$@"; do
      printf "%s = '%s'\n" "${setting%%=*}" "$(printf %s "${setting#*=}" | sed "s/'/''/g")"
    done
  } > "$real/data/cluster.conf"
  [ "$(id -u)" -ne 0 ] || chown "$server_user" "$real/data/cluster.conf"
}

# The postmaster's process id, if the process that has it now is this cluster's postmaster.
postmaster() {
  local pid
  pid=$(head -1 "$real/data/postmaster.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$real/data" ] && alive "$pid" && echo "$pid"
}

alive() {  # a zombie nobody reaps is dead
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) && [ -n "$state" ] && [ "$state" != Z ]
}

# After a crash: Postgres does not start while a process of the crashed one remains, and takes a postmaster that is dead but
# not reaped for a running one.
wait_for_the_dead() {
  local process pid
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd" 2>/dev/null)" = "$real/data" ] || continue
    while alive "${process#/proc/}"; do pause; done
  done
  pid=$(head -1 "$real/data/postmaster.pid" 2>/dev/null) || return 0
  if [ -e "/proc/$pid" ] && ! alive "$pid"; then rm -f "$real/data/postmaster.pid"; fi
}

pause() { sleep 0.01; }  # between two looks at a condition

children() {  # not awk alone: it stops at the first process that has gone meanwhile
  cat /proc/[0-9]*/status 2>/dev/null | awk -v parent="$1" '/^Pid:/ { pid = $2 } /^PPid:/ && $2 == parent { print pid }' || true
}

port() { sed -n 's/^port = //p' "$real/data/cluster.conf"; }

create() {
  [ $# -ge 1 ] || usage
  [ ! -e "$directory/data/PG_VERSION" ] || fail "$directory exists already"
  make_directory
  real=$(cd "$directory" && pwd -P)
  "$here/postgres_tree.sh" "$real/tree"
  "$here/install_extension.sh" "$real/tree" >/dev/null
  as_server "$real/tree/bin/initdb" --pgdata="$real/data" --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --no-sync > "$real/initdb.log" 2>&1 || { tail -20 "$real/initdb.log" >&2; fail "initdb failed"; }
  cat >> "$real/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = 'threefactor'
shared_buffers = '64MB'
max_wal_size = '1GB'
max_prepared_transactions = 10
max_worker_processes = 16
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %b %d '
include 'cluster.conf'
CONF
  printf 'host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n' > "$real/data/pg_hba.conf"
  write_settings "$@"
}

replica() {
  [ $# -ge 2 ] || usage
  local port=$1 primary link space mappings=()
  primary=$(cd "$2" && pwd -P)
  shift 2
  [ ! -e "$directory/data/PG_VERSION" ] || fail "$directory exists already"
  make_directory
  real=$(cd "$directory" && pwd -P)
  "$here/postgres_tree.sh" "$real/tree"
  "$here/install_extension.sh" "$real/tree" >/dev/null
  for link in "$primary"/data/pg_tblspc/*; do
    [ -L "$link" ] || continue
    space=$(readlink "$link")
    mappings+=("--tablespace-mapping=$space=$real/tablespaces/${space##*/}")
  done
  as_server "$real/tree/bin/pg_basebackup" --pgdata="$real/data" --write-recovery-conf --checkpoint=fast --no-sync \
    "${mappings[@]}" --dbname="host=127.0.0.1 user=postgres port=$(sed -n 's/^port = //p' "$primary/data/cluster.conf")"
  write_settings "$port" "$@"
}

start() {
  if postmaster >/dev/null; then return; fi
  [ $# -eq 0 ] || write_settings "$@"
  "$here/postgres_tree.sh" "$real/tree"
  "$here/install_extension.sh" "$real/tree" >/dev/null
  wait_for_the_dead
  local begin=1
  [ ! -e "$real/log" ] || begin=$(($(wc -l < "$real/log") + 1))
  if ! as_server env ${SERVER_ENVIRONMENT:-} "$real/tree/bin/pg_ctl" start --pgdata="$real/data" --log="$real/log" --wait --silent --timeout=60 > "$real/start.log" 2>&1; then
    # What keeps the server from running at all is not in its log.
    echo "cluster.sh: Postgres did not start on port $(port):" >&2
    tail -20 "$real/start.log" >&2
    tail -n "+$begin" "$real/log" 2>/dev/null | tail -20 >&2
    exit 1
  fi
}

promote() {
  as_server "$real/tree/bin/pg_ctl" promote --pgdata="$real/data" --wait --silent --timeout=60 >/dev/null
}

stop() {
  if ! postmaster >/dev/null; then return; fi
  as_server "$real/tree/bin/pg_ctl" stop --pgdata="$real/data" --mode=fast --wait --silent --timeout=60 >/dev/null
}

kill_all() {
  local main pids pid
  main=$(postmaster) || fail "$directory does not run"
  kill -STOP "$main"  # so that it starts no child after the list is made
  pids="$main $(children "$main")"
  # A child may be gone by now.
  for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in $pids; do while alive "$pid"; do pause; done; done
}

if [ "$command" = create ] || [ "$command" = replica ]; then "$command" "$@"; exit; fi
if [ "$command" = destroy ] && [ ! -e "$directory/" ]; then rm -f "$directory"; exit; fi
[ -e "$directory/data/PG_VERSION" ] || [ "$command" = destroy ] || fail "no cluster in $directory"
real=$(cd "$directory" && pwd -P)
case $command in
  start) start "$@" ;;
  stop) stop ;;
  promote) promote ;;
  kill) kill_all ;;
  destroy)
    stop
    rm -rf "$real"
    rm -f "$directory" ;;
  status) postmaster >/dev/null || exit 1 ;;
  refresh)
    "$here/install_extension.sh" "$real/tree" ;;
  url) echo "postgres://postgres@127.0.0.1:$(port)/${1:-postgres}" ;;
  *) usage ;;
esac
