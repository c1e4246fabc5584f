#!/bin/bash
# run.sh [NAME ...]: proves that the soak can fail. Builds a copy of the extension with one rule broken for each patch here
# (all, or those named) and runs a round of the soak against it, up to ROUNDS (default 3) until it is caught. The extension as it
# is, and the controls (what a mutant adds to make its race wide, with the rule whole), must pass as many rounds.
#   run.sh --check     only whether all patches still apply
set -euo pipefail
cd "$(dirname "$0")/../.."
here=test/mutants
tree=$PWD/build/mutants/tree  # one path for all, for ccache
rounds=${ROUNDS:-3}
seed=${SEED:-$RANDOM}
failed=0

# The copy with the patch; none: as it is.
make_tree() {  # [PATCH]
  rm -rf "$tree"
  mkdir -p "$tree"
  git ls-files -z extension sql | xargs -0 cp --parents -t "$tree"
  [ $# -eq 0 ] || patch --quiet --strip=1 --fuzz=0 --directory="$tree" < "$1" > "$tree/patch.log" ||
    { cat "$tree/patch.log" >&2; echo "$1 does not apply any more: the rule that it breaks has moved" >&2; return 1; }
}

# The rule that the round found broken, or nothing. The whole output is in build/mutants/NAME.log.
play() {  # NAME SEED
  local log=build/mutants/$1.log
  EXTENSION=$tree/extension test/support/node.sh test/soak/main.mjs --seconds=1 --seed="$2" > "$log" 2>&1 ||
    grep -A1 'FAILED$' "$log" | tail -1 | cut -c1-100
}

judge() {  # NAME [PATCH]
  local name=$1 round found='' result=survived wanted=caught
  shift
  case $name in unchanged | control_*) wanted=survived ;; esac
  make_tree "$@"
  make -s -C "$tree/extension" > "build/mutants/$name.build" 2>&1 || { tail "build/mutants/$name.build" >&2; return 1; }
  for ((round = 1; round <= rounds; round++)); do
    found=$(play "$name" $((seed + round - 1)))
    [ -z "$found" ] || { result=caught; break; }
  done
  [ $result = $wanted ] || failed=1
  printf '%-32s %-8s %s\n' "$name" "$result" "${found:+seed $((seed + round - 1)): $found}"
}

patches=("$here"/*.patch)
if [ "${1:-}" = --check ]; then
  for patch in "${patches[@]}"; do make_tree "$patch" || failed=1; done
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
