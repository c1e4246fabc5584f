#!/bin/bash
# check_sql_reference.sh [--update]: the page extension/REFERENCE.md is what a running server says of the extension's functions, views and
# settings. --update writes the page.
set -euo pipefail
cd "$(dirname "$0")/../.."
page=extension/REFERENCE.md
mkdir -p build/check
written=build/check/REFERENCE.md
test/support/with_cluster.sh build/check/sql_reference/cluster test/support/node.sh test/support/sql_reference.mjs > "$written"
if [ "${1:-}" = --update ]; then
  cp "$written" "$page"
elif ! diff -u "$page" "$written"; then
  echo "$page differs from what the server says; test/support/check_sql_reference.sh --update writes it anew" >&2
  exit 1
fi
