#!/bin/bash
# check_invariants.sh: in test/INVARIANTS.md every test that is named exists, and every invariant from 1 to 14 and every rule
# of extension/SECURITY.md (S1, S2, ...) has one. In SECURITY.md all that its sections state before "What is not protected" is
# a rule: an item "- S1. ...", with further lines indented, or a row "| S1 | ...".
set -euo pipefail
cd "$(dirname "$0")/../.."
table=test/INVARIANTS.md
rules=extension/SECURITY.md
failed=0
complain() {
  echo "$1" >&2
  failed=1
}

while IFS=$'\t' read -r file text; do
  [[ $file == test/* ]] && grep -qF -- "$text" "$file" 2>/dev/null || complain "$table: $file has no \"$text\""
done < <(grep -E '^\| S?[0-9]+ \|' "$table" | grep -oE '`[^`]+: "[^"]+"`' | sed -E 's/^`([^`]+): "([^"]+)"`$/\1\t\2/')

statements=$(awk '/^## /{on = ($0 != "## What is not protected")} on {printf "%d\t%s\n", FNR, $0}' "$rules")
unnumbered=$(grep -vE $'^[0-9]+\t(|## .*|- S[0-9]+\\. .+|  [^ *-].*|\\| S[0-9]+ \\| .*|\\| # \\|.*|\\| --- \\|.*)$' <<< "$statements" || true)
while IFS=$'\t' read -r line text; do
  [ -z "$text" ] || complain "$rules:$line: a rule without a number: $text"
done <<< "$unnumbered"
numbers=$(sed -nE $'s/^[0-9]+\t(- (S[0-9]+)\\. |\\| (S[0-9]+) \\|).*/\\2\\3/p' <<< "$statements")
[ -n "$numbers" ] || complain "$rules: no rule"
for number in $(sort <<< "$numbers" | uniq -d); do complain "$rules: two rules are $number"; done

for number in $(seq 1 14) $numbers; do
  rows=$(grep -cE "^\| $number \|" "$table" || true)
  if [ "$rows" -ne 1 ]; then
    complain "$table: $rows rows for $number"
  elif ! grep -qE "^\| $number \|.*\`[^\`]+: \"[^\"]+\"\`" "$table"; then
    complain "$table: $number has no test"
  fi
done
for number in $(sed -nE 's/^\| (S[0-9]+) \|.*/\1/p' "$table"); do
  grep -qx "$number" <<< "$numbers" || complain "$table: $rules has no rule $number"
done
exit $failed
