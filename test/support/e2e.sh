#!/bin/bash
# e2e.sh [FILE ...]: runs the end-to-end tests (all, or those named), each file with a cluster, gateway and handlers of its own.
# BUILD: where the gateway and the handlers were built (default build).
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- test/e2e/*.test.mjs
# One file at a time: they measure nothing, but a machine of two cores is busy enough with one.
exec test/support/node.sh --test --test-concurrency=1 --test-reporter=spec "$@"
