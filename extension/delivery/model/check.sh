#!/bin/bash
# check.sh [DIRECTORY]: verifies delivery.pml with spin: the protocol holds, and each protocol with one rule broken does not.
# The trace of each refutation is left in DIRECTORY (default build/model); README.md says how to read it.
set -euo pipefail
model=$(cd "$(dirname "$0")" && pwd -P)/delivery.pml
directory=${1:-build/model}
mkdir -p "$directory"
cd "$directory"
failed=0

# What spin says of the model with the options: holds, refuted, or the end of its output.
verify() {  # NAME OPTIMISATION OPTION...
  local name=$1 optimisation=$2 output
  shift 2
  spin -a "$@" "$model" > "$name.log"
  gcc "$optimisation" -w -DSAFETY -DCOLLAPSE -o "$name" pan.c
  output=$("./$name" -E -m100000 2>&1) || true
  if grep -q 'errors: 0$' <<< "$output" && ! grep -qE 'max search depth too small|out of memory|interrupted' <<< "$output"; then
    echo holds
  elif grep -q 'assertion violated' <<< "$output"; then
    mv delivery.pml.trail "$name.trail"
    echo "refuted: $(sed -nE 's/.*assertion violated (.*) \(at depth.*/\1/p' <<< "$output" | head -1)"
  else
    tail -5 <<< "$output"
  fi
}

expect() {  # RESULT NAME OPTIMISATION OPTION...
  local wanted=$1 name=$2 result mark=ok
  shift 2
  result=$(verify "$name" "$@")
  case $result in "$wanted"*) ;; *) mark=FAILED failed=1 ;; esac
  printf '%-6s  %-32s %s\n' "$mark" "$name" "$result"
}

small=(-DEVENTS=2 -DCRASHES=2 -DREFUSALS=1)
expect holds the_protocol -O2 "${small[@]}"
for rule in $(sed -nE 's/^#(ifn?def|elif defined) ([A-Z_]+).*/\2/p' "$model" | grep -vE '^(EVENTS|CRASHES|REFUSALS)$' | sort -u); do
  expect refuted "$rule" -O0 "${small[@]}" "-D$rule"  # -O0: an error is found soon
done
rm -f pan.*
exit $failed
