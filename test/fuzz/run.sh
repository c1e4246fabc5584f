#!/bin/bash
# run.sh: builds the fuzzer and runs each target for SECONDS (default 60), one after the other, on the corpus and what it finds.
#   TARGETS="http document"  only those
#   MINIMIZE=12              keeps in the corpus so many of the inputs found, those that together reach most of the new code
# An input that breaks something is left in build/fuzz/found/TARGET; after mending it, keep it in the corpus by a name that tells why.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/fuzz
seconds=${FUZZ_SECONDS:-60}
test -f $build/build.ninja || cmake -S . -G Ninja -Wno-dev -B $build -DCMAKE_CXX_COMPILER="clang++-$(test/support/release.sh clang)" \
  -DTHREEFACTOR_FUZZ=ON -DTHREEFACTOR_SANITIZE=ON > /dev/null
ninja -C $build -j"${JOBS:-$(nproc)}" --quiet fuzzer

for corpus in test/fuzz/corpus/*/; do
  target=$(basename "$corpus")
  [[ -z ${TARGETS:-} || " $TARGETS " == *" $target "* ]] || continue
  found=$build/found/$target
  mkdir -p "$found/corpus"
  echo "fuzzing $target for $seconds s"
  # The timeout is by the clock on the wall: on a busy machine an input of a millisecond can wait for a minute.
  options=(-max_len=4096 -timeout=120 -rss_limit_mb=1024 -print_final_stats=1)
  # Leaks are looked for at the end of a run, by whom the system lets trace itself.
  FUZZ_TARGET=$target $build/fuzzer "${options[@]}" -max_total_time="$seconds" -artifact_prefix="$found/" \
    "$found/corpus" "$corpus" 2> "$found/log" || { tail -40 "$found/log"; exit 1; }
  grep -E '^stat::(number_of_executed_units|peak_rss_mb)' "$found/log"
  if [ -n "${MINIMIZE:-}" ]; then
    rm -rf "$found/cover"
    cp -r "$corpus" "$found/cover"
    touch "$found/begin"
    # What reaches most is written first.
    FUZZ_TARGET=$target $build/fuzzer -set_cover_merge=1 -use_counters=0 "${options[@]}" -max_len=512 \
      "$found/cover" "$found/corpus" 2>> "$found/log"
    find "$found/cover" -type f -newer "$found/begin" -printf '%T@ %f\n' | sort -n | cut -d' ' -f2 | sed "${MINIMIZE}q" |
      while read -r name; do cp "$found/cover/$name" "$corpus/${name:0:12}"; done
  fi
done
