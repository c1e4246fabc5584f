# parts.awk RELEASED PART...: the parts of the extension script, for a database that has the release: what it made and keeps is
# left out (the statements with the same first line, up to their semicolon), its functions are replaced, and everything else is
# made as in a fresh database. What changes in a table that it made stands in 0.1--0.2.sql beside this file.
function made_once(line) { return line ~ /^(CREATE (TABLE|INDEX|UNIQUE|SEQUENCE|TYPE)|INSERT|SELECT|ALTER) / }
NR == FNR { if (made_once($0)) made[$0]; next }
$0 in made { skipping = 1 }
!skipping { sub(/^CREATE FUNCTION/, "CREATE OR REPLACE FUNCTION"); print }
/;[ \t]*(--.*)?$/ { skipping = 0 }
