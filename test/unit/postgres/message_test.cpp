#include "postgres/message.hpp"

#include <catch2/catch.hpp>

using threefactor::postgres::OneLine;

TEST_CASE("a message of libpq becomes one line", "[postgres]") {
  CHECK(OneLine("") == "");
  CHECK(OneLine("\n \n") == "");
  CHECK(OneLine("no password supplied\n") == "no password supplied");
  CHECK(OneLine("connection to server failed: Connection refused\n\tIs the server running?\n") ==
        "connection to server failed: Connection refused Is the server running?");
}
