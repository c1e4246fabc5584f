#!/bin/bash
# check_invariants.sh: every test that test/INVARIANTS.md names exists, and every invariant from 1 to 10 has one.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing=0
while IFS=$'\t' read -r file text; do
  if ! grep -qF -- "$text" "$file" 2>/dev/null; then
    echo "test/INVARIANTS.md: $file has no \"$text\"" >&2
    missing=1
  fi
done < <(grep -E "^\| [0-9]" test/INVARIANTS.md | grep -oE '`[^`]+: "[^"]+"`' | sed -E 's/^`([^`]+): "([^"]+)"`$/\1\t\2/')
for number in 1 2 3 4 5 6 7 8 9 10; do
  if ! grep -qE "^\| $number \|.*\`[^\`]+: \"" test/INVARIANTS.md; then
    echo "test/INVARIANTS.md: invariant $number has no test" >&2
    missing=1
  fi
done
exit $missing
