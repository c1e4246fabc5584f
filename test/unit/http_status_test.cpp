#include "base/http_status.hpp"

#include <catch2/catch.hpp>

using threefactor::Api;
using threefactor::Error;
using threefactor::HttpStatus;
namespace code = threefactor::code;

TEST_CASE("the status of an error follows from its code and from whose API answers", "[errors]") {
  for (const Api api : {Api::kGraphql, Api::kAdmin}) {
    CHECK(HttpStatus(Error(code::kAccessDenied, ""), api) == 401);
    CHECK(HttpStatus(Error(code::kBusy, ""), api) == 503);
    CHECK(HttpStatus(Error(code::kUnexpected, ""), api) == 500);
    CHECK(HttpStatus(Error(code::kValidationFailed, ""), api) == 400);
    CHECK(HttpStatus(Error("already-tracked", ""), api) == 400);
  }
  CHECK(HttpStatus(Error(code::kPostgresError, ""), Api::kGraphql) == 500);
  CHECK(HttpStatus(Error(code::kPostgresError, ""), Api::kAdmin) == 400);
}

TEST_CASE("what Postgres refused of an administrator's request is a fault of the request", "[errors]") {
  CHECK(HttpStatus(Error(code::kUnexpected, "").WithInternal("{}"), Api::kGraphql) == 500);
  CHECK(HttpStatus(Error(code::kUnexpected, "").WithInternal("{}"), Api::kAdmin) == 400);
}
