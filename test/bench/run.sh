#!/bin/bash
# run.sh [GROUP ...]: the measurements of README.md, side by side in one run; prints a table and writes build/bench/report.md.
#   BENCH=DIR      folder with the floors, the sink and the peers; without it their rows read 'not run'
#   REPS=5 SECS=2  repetitions of each measurement, which alternate, and the length of each
#   BENCH_PORTS=5590  the first of eight ports
set -euo pipefail
cd "$(dirname "$0")/../.."
here=test/bench
out=$PWD/build/bench
reps=${REPS:-5} secs=${SECS:-2} first=${BENCH_PORTS:-5590}
port_main=$first port_plain=$((first + 1)) port_sink=$((first + 2)) port_gateway=$((first + 3)) port_floor=$((first + 4))
port_bare=$((first + 5)) port_peer=$((first + 6))
if [ -n "${BENCH:-}" ]; then BENCH=$(cd "$BENCH" && pwd -P); fi
mkdir -p "$out/bin"
rm -f "$out"/{samples,rows}.tsv
touch "$out"/{samples,rows}.tsv
source $here/lib.sh

compile() {  # PROGRAM SOURCE FLAGS...
  local program=$bench_bin/$1 source=$2
  shift 2
  [ "$program" -nt "$source" ] || g++ -O2 -std=c++17 -w "$source" -o "$program" "$@"
}

compile_all() {
  local postgres=(-I"$(pg_config --includedir)" -lpq)
  compile bare_http $here/bare_http.cpp
  if [ -z "${BENCH:-}" ]; then
    rm -f "$bench_bin"/{sink,curl_limit,latgen,floor,hello_httplib}
    return
  fi
  compile sink "$BENCH/delivery/sink.cpp"
  compile curl_limit "$BENCH/delivery/curl_limit.cpp" -lcurl
  compile latgen "$BENCH/delivery/latgen.cpp" "${postgres[@]}"
  compile floor "$BENCH/graphql/floor.cpp" "${postgres[@]}"
  # shellcheck disable=SC2046
  compile hello_httplib "$BENCH/http/hello_httplib.cpp" $(pkg-config --cflags --libs cpp-httplib)
}

# As in the reference measurements; the second cluster is the same server without the extension.
tuning=(shared_buffers=1GB jit=off max_wal_size=8GB max_connections=200 fsync=on)
create_clusters() {
  local cluster=test/support/cluster.sh
  $cluster destroy "$out/cluster"
  $cluster destroy "$out/plain"
  $cluster create "$out/cluster" "$port_main" "${tuning[@]}"
  $cluster start "$out/cluster"
  $cluster create "$out/plain" "$port_plain" "${tuning[@]}" shared_preload_libraries=
  $cluster start "$out/plain"
}

# Memory that a server touches for the first time costs page faults, those of its first minutes: here all buffers have been used.
use_buffers() {
  local url
  for url in "$main_url" "$plain_url"; do
    sql -d "${url%/*}/postgres" -c 'CREATE UNLOGGED TABLE used (page text)' -c 'ALTER TABLE used ALTER page SET STORAGE PLAIN' \
      -c "INSERT INTO used SELECT repeat('x', 8000) FROM generate_series(1, (SELECT setting::integer FROM pg_settings WHERE name = 'shared_buffers'))" \
      -c 'DROP TABLE used' -c CHECKPOINT
  done
}

# For each group: an index that one group makes would slow down what another writes, on one of the servers only.
create_databases() {
  local url
  for url in "$main_url" "$plain_url"; do
    sql -d "${url%/*}/postgres" -c 'ALTER SYSTEM RESET ALL' -c 'SELECT pg_reload_conf()' > /dev/null
    sql -d "${url%/*}/postgres" -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" -c "CREATE DATABASE $database"
    sql -d "$url" -f $here/schema.sql
  done
  sql -d "$main_url" -c 'CREATE EXTENSION threefactor'
}

clean_up() {
  test/support/cluster.sh destroy "$out/cluster"
  test/support/cluster.sh destroy "$out/plain"
}
trap clean_up EXIT

create_clusters
use_buffers
compile_all
groups=("$@")
[ ${#groups[@]} -gt 0 ] || groups=(capture steady wake delivery endurance http graphql mutation live memory)
begin=$(uptime) commit=$(git describe --always --dirty)
for group in "${groups[@]}"; do
  say "$group"
  # In a shell of its own: where a group fails, its rows read 'not run', and the others go on.
  set +e
  ( set -e; trap finish_all EXIT; create_databases; source "$here/$group.sh" )
  [ $? -eq 0 ] || say "$group failed"
  set -e
done
{ echo "Commit $commit."; echo "Load at the begin: $begin"; echo "Load at the end:   $(uptime)"; } > "$out/load"
test/support/node.sh $here/report.mjs "$out" "$reps" "$secs" "${BENCH:+with BENCH}" | tee "$out/report.md"
