#include "metadata/transaction_control.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace threefactor::metadata {

TEST_CASE("commands that end or divide a transaction are seen wherever they stand", "[metadata]") {
  const std::string sql = GENERATE(
      as<std::string>(),  //
      "commit", "SELECT 1; COMMIT; CREATE TABLE t ()", "/* /* a */ ; */ RollBack", "-- x\nbegin", "select 'a''b'; end",
      "select E'\\'';\nabort", "select E'a''\\''; abort", "select $$;$$; start transaction",
      "select $a$ $$ $a$;release x", "select \"a;\"\"b\"; savepoint s", "prepare transaction 'x'",
      "PREPARE/**/TRANSACTION 'x'", "select '\\'; commit; --'", "select 1e'x'; commit", "select a$b$; commit; --$b$",
      "select $1; commit", ";;commit", "(select 1);commit", "select '", "");
  const bool is_control = !sql.empty() && sql != "select '";
  CAPTURE(sql);
  CHECK(ControlsTransaction(sql) == is_control);
}

TEST_CASE("what only looks like one is none", "[metadata]") {
  const std::string sql =
      GENERATE(as<std::string>(),  //
               "select 'x; commit'", "select E'\\'; commit'", "select $$; commit$$", "-- ;commit",
               "/* ; commit */ select 1", "select 1 as commit", "select \"; commit\"",
               "select case when true then 1 end", "prepare p as select 1", "select $x$ ; commit $$ $x$",
               "with start as (select 1) select * from start", "committed", "values ('a''; commit')");
  CAPTURE(sql);
  CHECK_FALSE(ControlsTransaction(sql));
}

}  // namespace threefactor::metadata
