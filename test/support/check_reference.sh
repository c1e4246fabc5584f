#!/bin/bash
# check_reference.sh [--update]: the page gateway/REFERENCE.md is what the program writes of its options and endpoints.
# --update writes the page.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${BUILD:-build}/gateway/threefactor-gateway
page=gateway/REFERENCE.md
if [ "${1:-}" = --update ]; then
  "$program" --print-reference > "$page"
elif ! "$program" --print-reference | diff -u "$page" -; then
  echo "$page differs from what the program writes; test/support/check_reference.sh --update writes it anew" >&2
  exit 1
fi
