#!/bin/bash
# build.sh DIRECTORY JOBS TARGET...: configures DIRECTORY when it is not, and builds the targets there, with a line of progress on a
# terminal and a line a quarter elsewhere. TESTS=ON configures the programs of the tests too, which need packages of their own.
set -euo pipefail
if [ $# -lt 3 ]; then sed -n '2,3p' "$0" >&2; exit 2; fi
build=$1 jobs=$2
shift 2
cd "$(dirname "$0")/../.."
if [ ! -f "$build/build.ninja" ]; then
  cmake -S . -G Ninja -Wno-dev -B "$build" -DTHREEFACTOR_TESTS="${TESTS:-OFF}" > /dev/null
elif [ "${TESTS:-}" = ON ] && ! grep -q '^THREEFACTOR_TESTS:BOOL=ON' "$build/CMakeCache.txt"; then
  cmake -B "$build" -DTHREEFACTOR_TESTS=ON > /dev/null
fi
if [ -t 1 ]; then
  NINJA_STATUS="Compiling: %p of %t steps, %e s " ninja -C "$build" -j"$jobs" "$@"
  exit
fi
# Of the many lines of ninja one for each quarter, and whatever a compiler says.
NINJA_STATUS='[%p %e] ' ninja -C "$build" -j"$jobs" "$@" | awk -v what="$*" '
  /^ninja: (no work|Entering)|Re-checking globbed/ { next }
  match($0, /^\[ *[0-9]+% [0-9.]+\] /) {
    split(substr($0, 2), part, /[% \]]+/)
    percent = part[1] == "" ? part[2] : part[1]
    if (percent >= next_line) { printf "Compiling %s: %d %%\n", what, percent; fflush(); next_line = percent - percent % 25 + 25 }
    next
  }
  { print; fflush() }'
