#!/bin/bash
# check_pages.sh: what holds of the Markdown pages of the repository. Of all: links lead to files and headings that exist, and each
# `make TARGET` is one of the Makefile. Of pages for users: no line is longer than 120 characters, and a list of contents names every
# section. The README has at most 160 lines. Pages for users are all but decisions, tests and the folders of the code.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."
failed=0
complain() {
  echo "$1" >&2
  failed=1
}

# The anchors of a page, as GitHub makes them of its headings. Fenced blocks have none.
anchors() {
  awk '/^ *```/ { fenced = !fenced } !fenced && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$1" |
    sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

for_users() {
  case $1 in
    README.md | handlers/README.md | .github/*.md | gateway/dialect/*.md) return 0 ;;
    */DECISIONS.md | */README.md | test/*) return 1 ;;
  esac
}

# Where the code of a page is not meant: what stands in fenced blocks and between backquotes.
without_code() { awk '/^ *```/ { fenced = !fenced; next } !fenced { gsub(/`[^`]*`/, ""); print }' "$1"; }

mapfile -t pages < <(git ls-files --cached --others --exclude-standard -- '*.md')
for page in "${pages[@]}"; do
  [ -f "$page" ] || continue
  while read -r link; do
    case $link in '' | http://* | https://* | mailto:*) continue ;; esac
    file=${link%%#*} anchor=
    [[ $link == *#* ]] && anchor=${link#*#}
    target=$page
    [ -z "$file" ] || target=$(dirname "$page")/$file
    if [ ! -e "$target" ]; then
      complain "$page: there is no $link"
    elif [ -n "$anchor" ] && ! grep -qxF -- "$anchor" <(anchors "$target"); then
      complain "$page: $file has no heading #$anchor"
    fi
  done < <(without_code "$page" | grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\((.*)\)$/\1/')

  while read -r target; do
    grep -qE "^$target:|^\.PHONY:.* $target( |\$)" Makefile || complain "$page: the Makefile has no target $target"
  done < <({ grep -oE '`make [a-z][a-z-]*' "$page" || true; awk '/^ *```/ { fenced = !fenced } fenced && /^make / { print "`make " $2 }' "$page"; } |
    sed 's/^`make //' | sort -u)

  for_users "$page" || continue
  while IFS= read -r line; do complain "$page:$line: longer than 120 characters"; done < <(grep -nE '^.{121,}' "$page" | cut -d: -f1)
  case $page in README.md | gateway/dialect/README.md) continue ;; esac  # lists of pages
  if [ "$(wc -l < "$page")" -gt 60 ]; then
    while IFS= read -r section; do
      anchor=$(tr '[:upper:]' '[:lower:]' <<< "$section" | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g')
      grep -qF "](#$anchor)" "$page" || complain "$page: its contents do not name \"$section\""
    done < <(awk '/^ *```/ { fenced = !fenced } !fenced && /^## / { sub(/^## /, ""); print }' "$page")
  fi
done
[ "$(wc -l < README.md)" -le 160 ] || complain "README.md: more than 160 lines"
exit $failed
