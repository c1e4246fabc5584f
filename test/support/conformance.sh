#!/bin/bash
# conformance.sh DIRECTORY [ARGUMENT...]: replays the conformance cases of DIRECTORY against a gateway of its own over a
# scratch database on a private cluster, prints the share of cases that answer as stated, and removes both. The arguments go
# to the replaying program; cases that need PostGIS are left out where the system has none (test/CONFORMANCE.md).
# CONFORMANCE_PORT is the gateway's (default: a free one).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
[ $# -ge 1 ] && [ -f "$1/hasura_suite.py" ] || { sed -n '2,5p' "$0" >&2; exit 2; }
suite=$(cd "$1" && pwd -P)
shift
if [ -z "${DATABASE_URL:-}" ]; then
  # Of the server, which as root gets no other variables.
  export SERVER_ENVIRONMENT='EVENT_WEBHOOK_HEADER=MyEnvValue WEBHOOK_FROM_ENV=http://127.0.0.1:5592'
  exec "$here/with_cluster.sh" "$root/build/check/conformance/cluster" "$0" "$suite" "$@"
fi

psql "$DATABASE_URL" -qX -c 'CREATE EXTENSION IF NOT EXISTS threefactor'
[ -f "$("${PG_CONFIG:-pg_config}" --sharedir)/extension/postgis_raster.control" ] || set -- --skip-postgis "$@"
port=${CONFORMANCE_PORT:-$("$here/free_port.sh")}
"${BUILD:-$root/build}/gateway/threefactor-gateway" --database-url "$DATABASE_URL" --listen "127.0.0.1:$port" \
  --admin-secret conformance --stringify-numeric-types true > "$root/build/check/conformance/gateway.log" 2>&1 &
gateway=$!
trap 'kill "$gateway"; wait "$gateway" || true' EXIT
until curl -fs "http://127.0.0.1:$port/healthz" > /dev/null; do
  kill -0 "$gateway" || { cat "$root/build/check/conformance/gateway.log" >&2; exit 1; }
done
"${PYTHON:-python3}" "$suite/hasura_suite.py" --tests "$suite/cases" --url "http://127.0.0.1:$port" --admin-secret conformance \
  --database-url "$DATABASE_URL" "$@" || true
