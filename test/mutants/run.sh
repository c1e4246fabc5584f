#!/bin/bash
# run.sh [NAME ...]: proves that the soak can fail. Builds a copy of the extension with one rule broken for each patch here
# (all, or those named) and runs a round of the soak against it, up to ROUNDS (default 3) until it is caught. The extension as it
# is, and the controls (what a mutant adds to make its race wide, with the rule whole), must pass as many rounds.
#   run.sh --check     only whether all patches still apply
set -euo pipefail
cd "$(dirname "$0")/../.."
here=test/mutants
tree=$PWD/build/mutants/tree
library=$PWD/build/mutants/extension
rounds=${ROUNDS:-3}
seed=${SEED:-$RANDOM}
failed=0

apply() {  # DIRECTORY PATCH [OPTION ...]
  local directory=$1 patch=$2 said
  shift 2
  said=$(patch --batch --strip=1 --fuzz=0 --directory="$directory" "$@" < "$patch" 2>&1) ||
    { printf '%s\n' "$said" "$patch does not apply any more: the rule that it breaks has moved" >&2; return 1; }
}

# A copy of the sources, in which only what differs is written: so only what the patch touches, or touched last, is compiled.
build() {  # [PATCH]
  local wanted=$tree.wanted file
  rm -rf "$wanted"
  mkdir -p "$wanted" "$tree"
  cp -r extension sql "$wanted"
  [ $# -eq 0 ] || apply "$wanted" "$1"
  (cd "$wanted" && find . -type f) | while read -r file; do
    cmp -s "$wanted/$file" "$tree/$file" || install -D -m 644 "$wanted/$file" "$tree/$file"
  done
  (cd "$tree" && find extension sql -type f) | while read -r file; do
    [ -f "$wanted/$file" ] || rm "$tree/$file"
  done
  make -s -C "$tree/extension" BUILD="$library"
}

# Whether the round ends well. If not: which rule was broken; the whole output is in the log.
play() {  # LOG SEED
  EXTENSION=$library test/support/node.sh test/soak/main.mjs --seconds=1 --seed="$2" > "$1" 2>&1 && return
  sed -n '/FAILED$/{n;p;q}' "$1" | cut -c1-100
  return 1
}

judge() {  # NAME [PATCH]
  local name=$1 log=build/mutants/$1.log begin=$SECONDS round found='' result=survived wanted=caught
  shift
  case $name in unchanged | control_*) wanted=survived ;; esac
  build "$@" > "$log" 2>&1 || { cat "$log" >&2; return 1; }
  for ((round = seed; round < seed + rounds; round++)); do
    found=$(play "$log" $round) && continue
    # A machine too slow for the soak proves nothing, nor does a soak that breaks down.
    case $found in '' | *': not within '*) result=undecided ;; *) result=caught ;; esac
    break
  done
  [ $result = $wanted ] || failed=1
  printf '%-30s %-9s %4d s  %s\n' "$name" "$result" $((SECONDS - begin)) "${found:+seed $round: $found}"
}

patches=("$here"/*.patch)
if [ "${1:-}" = --check ]; then
  for patch in "${patches[@]}"; do apply . "$patch" --dry-run || failed=1; done
  exit $failed
fi
mkdir -p build/mutants
if [ $# -gt 0 ]; then
  for name in "$@"; do judge "$name" $([ "$name" = unchanged ] || echo "$here/$name.patch"); done
else
  judge unchanged
  for patch in "${patches[@]}"; do judge "$(basename "$patch" .patch)" "$patch"; done
fi
exit $failed
