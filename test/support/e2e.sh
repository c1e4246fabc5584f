#!/bin/bash
# e2e.sh [FILE ...]: runs the end-to-end tests (all, or those named), each file with a cluster, gateway and handlers of its own.
# A file may be named as order for test/e2e/order.test.mjs. BUILD: where the gateway and the handlers were built (default build).
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- test/e2e/*.test.mjs
files=()
for name; do
  case $name in */*) files+=("$name") ;; *) files+=("test/e2e/${name%.test.mjs}.test.mjs") ;; esac
  [ -f "${files[-1]}" ] || { echo "e2e.sh: there is no ${files[-1]}" >&2; exit 2; }
done
# One file at a time: they measure nothing, but a machine of two cores is busy enough with one.
exec test/support/node.sh --test --test-concurrency=1 --test-reporter=spec "${files[@]}"
