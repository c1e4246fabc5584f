#!/bin/bash
# install_extension.sh TREE: installs the built extension into a tree made by postgres_tree.sh; says 'changed' when it was not
# there already. Files are replaced, never written over: a running server keeps the library it has mapped.
# EXTENSION: where it was built (default build/extension).
set -euo pipefail
umask 022
if [ $# -ne 1 ]; then sed -n '2,4p' "$0" >&2; exit 2; fi
repository=$(cd "$(dirname "$0")/../.." && pwd -P)
pg_config=$1/bin/pg_config
extension=${EXTENSION:-$(cd "$repository" && realpath "${BUILD:-build}")/extension}
library=$extension/threefactor.so
shopt -s nullglob
scripts=("$extension"/threefactor--*.sql)
if [ ! -f "$library" ] || [ ${#scripts[@]} -eq 0 ]; then
  echo "install_extension.sh: the extension is not built: run 'make' first" >&2
  exit 1
fi
changed=
replace() {  # SOURCE DIRECTORY MODE
  cmp -s "$1" "$2/${1##*/}" || { install -m "$3" "$1" "$2/"; changed=yes; }
}
replace "$library" "$("$pg_config" --pkglibdir)" 755
for file in "$extension/threefactor.control" "${scripts[@]}"; do
  replace "$file" "$("$pg_config" --sharedir)/extension" 644
done
[ -z "$changed" ] || echo changed
