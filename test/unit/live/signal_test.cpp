#include "live/signal.hpp"

#include <catch2/catch.hpp>

namespace threefactor::live {

TEST_CASE("cursor: only a doorbell beyond it, or one that it does not understand, asks for a read") {
  Cursor cursor;
  cursor.Reset("a1", 10);
  CHECK_FALSE(cursor.Ring("a1 9"));
  CHECK_FALSE(cursor.Ring("a1 10"));
  CHECK(cursor.Ring("a1 11"));
  CHECK(cursor.Ring("b2 5"));  // the server has started anew
  CHECK(cursor.Ring("a1"));
  CHECK(cursor.Ring("a1 x"));
  CHECK(cursor.Ring("a1 9x"));
  CHECK(cursor.Ring(""));
}

TEST_CASE("cursor: moves past the changes and sums them up") {
  Cursor cursor;
  cursor.Reset("a1", 10);
  const Signal relations = cursor.Advance({{11, 7, "relation"}, {12, 5, "relation"}, {14, 7, "relation"}});
  CHECK(relations.relations == std::vector<schema::Oid>{5, 7});
  CHECK_FALSE(relations.schema);
  CHECK_FALSE(relations.everything);
  CHECK(cursor.sequence() == 14);
  CHECK_FALSE(cursor.Ring("a1 14"));

  const Signal schema = cursor.Advance({{15, std::nullopt, "schema"}});
  CHECK(schema.schema);
  CHECK_FALSE(schema.everything);

  CHECK(cursor.Advance({{16, std::nullopt, "everything"}}).everything);
  CHECK(cursor.Advance({{17, std::nullopt, "from a later version"}}).everything);
  CHECK(cursor.Advance({{18, std::nullopt, "relation"}}).everything);  // which one is not known

  const Signal nothing = cursor.Advance({});
  CHECK(nothing.relations.empty());
  CHECK_FALSE(nothing.everything);
  CHECK(cursor.sequence() == 18);
}

}  // namespace threefactor::live
