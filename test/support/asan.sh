#!/bin/bash
# asan.sh [STAGE ...]: the tests with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer in the gateway, the demo's
# handlers and the unit tests (with the extension's files that see no Postgres header), and with UndefinedBehaviorSanitizer in a
# build of the extension, in a server as Debian built it: with libasan preloaded that one hangs in its first bindtextdomain().
# STAGE: unit sql isolation e2e (default: all). E2E_FILES: only these.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILD=${BUILD:-build}/asan SANITIZED=yes
[ $# -gt 0 ] || set -- unit sql isolation e2e

test -f "$BUILD/build.ninja" || cmake -S . -G Ninja -Wno-dev -B "$BUILD" -DTHREEFACTOR_SANITIZE=ON > /dev/null
ninja -C "$BUILD" -j"${JOBS:-$(nproc)}" --quiet unit-tests threefactor-gateway food-ordering-handlers

export EXTENSION=$PWD/$BUILD/server
test -f "$EXTENSION/build.ninja" || cmake -S extension -G Ninja -Wno-dev -B "$EXTENSION" -DCMAKE_MODULE_LINKER_FLAGS=-lubsan \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS='-fsanitize=undefined -fno-sanitize-recover=all -O1 -g1 -Wno-clobbered' > /dev/null
ninja -C "$EXTENSION" -j"${JOBS:-$(nproc)}" --quiet

# A program that ends with leaks ends with an error; the test that ran it says which (test/e2e/support/process.mjs).
export ASAN_OPTIONS=detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
# The postmaster takes a backend that exits for one that is well, hence the abort.
export SERVER_ENVIRONMENT=UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1

for stage; do
  echo "$stage with the sanitizers"
  case $stage in
    unit) "$BUILD/unit-tests" ;;
    sql | isolation) test/support/regress.sh "$stage" ;;
    e2e) test/support/e2e.sh ${E2E_FILES:-} ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
done
