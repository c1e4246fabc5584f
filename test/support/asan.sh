#!/bin/bash
# asan.sh [STAGE ...]: the tests with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer: in the gateway, the demo's
# handlers, the unit tests, and a copy of the extension in a server that is as Debian built it.
# STAGE: unit sql isolation e2e (default: all). E2E_FILES: only these.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILD=${BUILD:-build}/asan SANITIZED=yes
[ $# -gt 0 ] || set -- unit sql isolation e2e

test -f "$BUILD/build.ninja" || cmake -S . -G Ninja -Wno-dev -B "$BUILD" -DTHREEFACTOR_SANITIZE=ON > /dev/null
ninja -C "$BUILD" -j"${JOBS:-$(nproc)}" --quiet unit-tests threefactor-gateway food-ordering-handlers

tree=$PWD/$BUILD/tree
mkdir -p "$tree"
git ls-files -z extension sql | xargs -0 cp --update --parents -t "$tree"
make -s -j"${JOBS:-$(nproc)}" -C "$tree/extension" EXTRA_LDFLAGS='-lasan -lubsan' \
  EXTRA_CXXFLAGS='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1'

# A program that ends with leaks ends with an error; the test that ran it says which (test/e2e/support/process.mjs).
export ASAN_OPTIONS=detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export EXTENSION=$tree/extension
# The server is no sanitized program: the runtime comes before it. It never frees what lives as long as a process, measures its
# stack by addresses, and takes a backend that exits for one that is well, hence the abort.
export SERVER_ENVIRONMENT="LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
  ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1"

for stage; do
  echo "$stage with the sanitizers"
  case $stage in
    unit) "$BUILD/unit-tests" ;;
    sql | isolation) test/support/regress.sh "$stage" ;;
    e2e) test/support/e2e.sh ${E2E_FILES:-} ;;
    *) sed -n '2,4p' "$0" >&2; exit 2 ;;
  esac
done
