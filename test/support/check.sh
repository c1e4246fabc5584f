#!/bin/bash
# check.sh [verify]: every stage of `make check`, one line each, then 'N passed, N failed' (tests; a stage without tests counts as
# one). verify: also lint, the tests under the sanitizers and a minute of each fuzzer.
# A stage that fails does not stop the others, except the build. Logs are in build/check/.
set -uo pipefail
cd "$(dirname "$0")/../.."
logs=build/check
mkdir -p "$logs"
passed=0 failed=0

# The sum of the numbers that the pattern's group finds in the log.
sum() { sed -nE "s/$1/\1/p" "$2" | awk '{ sum += $1 } END { print sum + 0 }'; }

# What Catch2, pg_regress, node:test and the golden tests say at the end: how many there were, and how many failed.
count_all() {
  local log=$1
  echo $(($(sum '^All tests passed \(.* in ([0-9]+) test cases?\)' "$log") + $(sum '^test cases: +([0-9]+) .*' "$log") +
    $(sum '^ All ([0-9]+) tests passed.*' "$log") + $(sum '^ [0-9]+ of ([0-9]+) tests failed.*' "$log") +
    $(sum '^ℹ pass ([0-9]+)' "$log") + $(sum '^ℹ fail ([0-9]+)' "$log") + $(sum '^ℹ cancelled ([0-9]+)' "$log") +
    $(sum '^([0-9]+) golden cases.*, [0-9]+ failed' "$log")))
}
count_failed() {
  local log=$1
  echo $(($(sum '^test cases: .*\| +([0-9]+) failed.*' "$log") + $(sum '^ ([0-9]+) of [0-9]+ tests failed.*' "$log") +
    $(sum '^ℹ fail ([0-9]+)' "$log") + $(sum '^ℹ cancelled ([0-9]+)' "$log") +
    $(sum '^[0-9]+ golden cases.*, ([0-9]+) failed' "$log")))
}

stage() {  # NAME COMMAND...
  local name=$1 log=$logs/$1.log begin=$SECONDS status=0 good bad
  shift
  "$@" > "$log" 2>&1 < /dev/null || status=$?
  bad=$(count_failed "$log")
  good=$(($(count_all "$log") - bad))
  if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ $((good + bad)) -eq 0 ]; then good=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  if [ $status -eq 0 ] && [ "$bad" -eq 0 ]; then
    printf '%-10s ok      %4d s  %s passed\n' "$name" $((SECONDS - begin)) "$good"
    return 0
  fi
  printf '%-10s FAILED  %4d s  %s passed, %s failed; the end of %s:\n' "$name" $((SECONDS - begin)) "$good" "$bad" "$log"
  tail -60 "$log" | sed 's/^/    /'
  return 1
}

summary() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

stage deps make deps || summary
stage build make all programs || summary
stage format make check-format
stage invariants test/support/check_invariants.sh
stage mutants test/mutants/run.sh --check
stage model make model
stage reference test/support/check_reference.sh
stage sql-pages test/support/check_sql_reference.sh
stage pages test/support/check_pages.sh
stage layers test/support/check_layers.sh extension gateway
stage dialect test/support/check_dialect.sh
stage unit make check-unit
stage validation make check-validation
stage golden make check-golden
stage sql make check-sql
stage isolation make check-isolation
stage e2e make check-e2e
if [ "${1:-}" = verify ]; then
  stage lint make lint
  stage asan-unit make asan STAGES=unit
  stage asan-sql make asan STAGES=sql
  stage asan-e2e make asan STAGES=e2e
  stage fuzz make fuzz SECONDS=60
fi
summary
