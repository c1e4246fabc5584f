#!/bin/bash
# regress.sh sql|isolation [TEST ...]: runs the tests of test/regress or test/isolation (all, or those named) in a cluster of
# their own, with Postgres' own test drivers. All share one database; sql tests run in the order of test/regress/schedule.
# REGRESS_KEEP=1 leaves the cluster running.
set -euo pipefail
cd "$(dirname "$0")/../.."
kind=${1:-}
shift || true
drivers=$("${PG_CONFIG:-pg_config}" --pkglibdir)/pgxs/src/test
case $kind in
  sql) driver=$drivers/regress/pg_regress inputs=test/regress files=test/regress/sql/*.sql ;;
  isolation) driver=$drivers/isolation/pg_isolation_regress inputs=test/isolation files=test/isolation/specs/*.spec ;;
  *) sed -n '2,4p' "$0" >&2; exit 2 ;;
esac

output=$PWD/build/check/$kind
mkdir -p "$output"
rm -f "$output/regression.diffs"
cluster=$output/cluster
test/support/cluster.sh destroy "$cluster"
finish() { [ -n "${REGRESS_KEEP:-}" ] || test/support/cluster.sh destroy "$cluster"; }
trap finish EXIT
port=$(test/support/free_port.sh)
test/support/cluster.sh create "$cluster" "$port" threefactor.deliver=off
test/support/cluster.sh start "$cluster"

if [ $# -gt 0 ]; then
  tests=("$@")
elif [ -f "$inputs/schedule" ]; then
  tests=(--schedule="$inputs/schedule")
  for file in $files; do  # a test that is not in the schedule would never run
    name=$(basename "${file%.*}")
    grep -qw -- "$name" "$inputs/schedule" || { echo "regress.sh: $name is missing in $inputs/schedule" >&2; exit 1; }
  done
else
  tests=()
  for file in $files; do
    [ -f "$file" ] || { echo "regress.sh: there are no tests in $inputs" >&2; exit 1; }
    tests+=("$(basename "${file%.*}")")
  done
fi

if ! PGTZ=UTC "$driver" --host=127.0.0.1 --port="$port" --user=postgres --dbname="${kind}_tests" --bindir="$cluster/tree/bin" \
    --inputdir="$inputs" --outputdir="$output" "${tests[@]}"; then
  cat "$output/regression.diffs" 2>/dev/null || true
  if test/support/cluster.sh status "$cluster"; then echo "-- the end of the server's log:"; else echo "-- the server has died:"; fi
  tail -40 "$cluster/log"
  exit 1
fi
if grep -E 'PANIC|terminated by signal|TRAP:|runtime error: ' "$cluster/log"; then echo "the server crashed meanwhile"; exit 1; fi
