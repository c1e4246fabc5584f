#include "base/error.hpp"

#include <catch2/catch.hpp>

using threefactor::Error;

TEST_CASE("An error is written in the shape that frontends know") {
  const Error error("bad-request", "a \"quoted\" message", "$.query");
  CHECK(threefactor::ToResponseBody(error) ==
        R"({"errors":[{"message":"a \"quoted\" message","extensions":{"path":"$.query","code":"bad-request"}}]})");
  CHECK(threefactor::ToErrorArray(error) ==
        R"([{"message":"a \"quoted\" message","extensions":{"path":"$.query","code":"bad-request"}}])");
}

TEST_CASE("What Postgres said is shown only when asked for") {
  const Error error = Error("unexpected", "database query error").WithInternal(R"({"sqlstate":"P0001"})");
  CHECK(threefactor::ToErrorArray(error, false).find("P0001") == std::string::npos);
  CHECK(threefactor::ToErrorArray(error, true) ==
        R"([{"message":"database query error","extensions":{"path":"$","code":"unexpected",)"
        R"("internal":{"sqlstate":"P0001"}}}])");
}
