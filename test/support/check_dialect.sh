#!/bin/bash
# check_dialect.sh: holds the pages gateway/dialect/*.md to what is run. In each page
#   - a table has "case" as its last column, and each of its rows names there at least one case in `backquotes`: a folder of
#     test/golden, or `FILE: "TEXT"`, where FILE is a test of test/e2e or test/unit without .mjs or .cpp, which has TEXT;
#   - code in a column "example" is part of the request of a case of its row, code in a column "answer" part of the answer;
#   - a block ```graphql CASE is part of the request of the case, a block ```json CASE of its answer or variables, a block
#     ```json FILE of that test. Without a case there are only blocks of other languages;
#   - files that links lead to exist, sections too, and no line has more than 120 characters.
# Parts are compared without white space and backslashes.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
awk '
function complain(text) { print FILENAME ":" FNR ": " text > "/dev/stderr"; failed = 1 }
function squeezed(text) { gsub(/[ \t\n\\]/, "", text); return text }
function content(path,    text, line) {
  if (path in contents) return contents[path]
  text = ""
  while ((getline line < path) > 0) text = text line "\n"
  close(path)
  return contents[path] = text
}
function golden(name, file) { return content("test/golden/" name "/" file) }
function request(name) { return golden(name, "request.graphql") golden(name, "variables.json") }
# The path of a test, "" for none.
function test_file(name,    command, path) {
  if (!(name in test_files)) {
    command = "find test/e2e test/unit -name \"" name ".mjs\" -o -name \"" name ".cpp\""
    if (name ~ /^[a-z0-9_.]+$/) command | getline path
    close(command)
    test_files[name] = path
  }
  return test_files[name]
}
# Whether all code of the cell is part of the text.
function holds(cell, text,    code) {
  while (match(cell, /`[^`]+`/)) {
    code = substr(cell, RSTART + 1, RLENGTH - 2)
    cell = substr(cell, RSTART + RLENGTH)
    if (index(squeezed(text), squeezed(code)) == 0) return 0
  }
  return 1
}
# FILE: "TEXT". The content of the file.
function test_content(name,    file, text) {
  match(name, /: ".*"$/)
  file = substr(name, 1, RSTART - 1)
  text = substr(name, RSTART + 3, RLENGTH - 4)
  if (test_file(file) == "") complain("no test " file)
  else if (index(content(test_file(file)), text) == 0) complain(test_file(file) " has no \"" text "\"")
  return content(test_file(file))
}
function check_row(    i, last, name, text, count, questions, answers) {
  last = cells[cell_count]
  while (match(last, /`[^`]+`/)) {
    name = substr(last, RSTART + 1, RLENGTH - 2)
    last = substr(last, RSTART + RLENGTH)
    ++count
    if (name ~ /: ".*"$/) {
      text = test_content(name)
      questions = questions text
      answers = answers text
    } else if (request(name) == "") {
      complain("no case " name)
    } else {
      questions = questions request(name)
      answers = answers golden(name, "expected.json")
    }
  }
  if (!count) complain("a row without a case")
  for (i = 1; i < cell_count; ++i) {
    if (heads[i] == "example" && !holds(cells[i], questions)) complain("no case of the row asks " cells[i])
    if (heads[i] == "answer" && !holds(cells[i], answers)) complain("no case of the row answers " cells[i])
  }
  ++rows
}
# Cells of the line, trimmed; "\|" does not separate.
function split_row(line,    i) {
  gsub(/\\\|/, "\001", line)
  cell_count = split(line, cells, "|") - 2
  for (i = 1; i <= cell_count; ++i) {
    cells[i] = cells[i + 1]
    gsub(/^ +| +$/, "", cells[i])
    gsub("\001", "|", cells[i])
  }
}
function check_block(    text) {
  if (language == "graphql") text = request(block_case)
  else if (block_case ~ /^[a-z0-9_]+_test$|^[a-z0-9_]+\.test$/) text = content(test_file(block_case))
  else text = golden(block_case, "expected.json") golden(block_case, "variables.json")
  if (text == "") complain("a block of " language " without a case")
  else if (index(squeezed(text), squeezed(block)) == 0) complain("the block is no part of " block_case)
  ++blocks
}
# As GitHub makes them.
function anchor(title) {
  title = tolower(title)
  gsub(/[^a-z0-9 _-]/, "", title)
  gsub(/ /, "-", title)
  return title
}
function check_link(target,    path, section, line, is_found) {
  if (target ~ /^https?:/) return
  path = FILENAME
  sub(/[^\/]*$/, "", path)
  section = target
  if (!sub(/^[^#]*#/, "", section)) section = ""
  sub(/#.*/, "", target)
  path = target == "" ? FILENAME : path target
  if (system("test -e \"" path "\"") != 0) return complain("no file " path)
  if (section == "") return
  split(content(path), lines, "\n")
  for (line in lines) if (lines[line] ~ /^#+ / && anchor(substr(lines[line], index(lines[line], " ") + 1)) == section) is_found = 1
  if (!is_found) complain(path " has no section #" section)
}
FNR == 1 { in_table = in_block = 0 }
length($0) > 120 { complain("more than 120 characters") }
in_block && /^```/ {
  if (language == "graphql" || language == "json") check_block()
  in_block = 0
  next
}
in_block { block = block $0 "\n"; next }
/^```/ { in_block = 1; language = substr($1, 4); block_case = $2; block = ""; next }
/^\|/ {
  split_row($0)
  if (!in_table) {
    in_table = 1
    head_count = cell_count
    for (i = 1; i <= cell_count; ++i) heads[i] = cells[i]
    if (heads[cell_count] != "case") complain("a table whose last column is not \"case\"")
  } else if (cells[1] !~ /^-+$/) {
    if (cell_count != head_count) complain(cell_count " cells under " head_count " heads")
    else if (heads[head_count] == "case") check_row()
  }
}
!/^\|/ {
  in_table = 0
  rest = $0
  while (match(rest, /`[a-z0-9_.]+: "[^"]+"`/)) {
    name = substr(rest, RSTART + 1, RLENGTH - 2)
    rest = substr(rest, RSTART + RLENGTH)
    test_content(name)
  }
}
{
  rest = $0
  while (match(rest, /\]\([^)]+\)/)) {
    check_link(substr(rest, RSTART + 2, RLENGTH - 3))
    rest = substr(rest, RSTART + RLENGTH)
  }
}
END {
  print rows " rows, " blocks " blocks"
  exit failed
}' gateway/dialect/*.md
