#!/bin/bash
# check_layers.sh FOLDER...: holds that files of each folder include only what FOLDER/layers.txt allows, and that what it
# allows has no circle. An include is read relative to the folder, or to its pure/, as the compiler does.
set -euo pipefail
cd "$(dirname "$0")/../.."
failed=0
for root in "$@"; do
  find "$root" \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 grep -Hn '^#include "' | awk -v root="$root" '
    function complain(text) { print text; failed = 1 }
    BEGIN {
      while ((getline line < (root "/layers.txt")) > 0) {
        if (line ~ /^#/ || line == "") continue
        split(line, sides, /: */)
        above[sides[1]] = 1
        count = split(sides[2], lower, " ")
        for (i = 1; i <= count; i++) {
          # Lower folders stand first in the file, so that there is no circle.
          if (!(lower[i] in above)) complain(root "/layers.txt: " sides[1] " names " lower[i] ", which does not stand above it")
          allowed[sides[1], lower[i]] = 1
        }
      }
    }
    {
      split($0, parts, ":")
      file = substr(parts[1], length(root) + 2)
      match($0, /#include "[^"]*"/)
      target = substr($0, RSTART + 10, RLENGTH - 11)
      if (system("test -f \"" root "/pure/" target "\"") == 0) target = "pure/" target
      else if (system("test -f \"" root "/" target "\"") != 0) next
      folder = file; sub(/\/?[^\/]*$/, "", folder)
      other = target; sub(/\/?[^\/]*$/, "", other)
      if (folder == other || folder == "") next
      if (!(folder in above)) complain(parts[1] ": the folder is not in " root "/layers.txt")
      else if (!((folder, other) in allowed)) complain(parts[1] ":" parts[2] ": " folder " may not include " target)
    }
    END { exit failed }' || failed=1
done
exit $failed
