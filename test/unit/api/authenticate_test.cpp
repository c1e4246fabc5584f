#include <catch2/catch.hpp>

#include "api/service.hpp"

using threefactor::Error;
using threefactor::Options;
using threefactor::api::Authenticate;
using Headers = std::map<std::string, std::string>;

namespace {

Error Refusal(const Headers& headers, const Options& options) {
  try {
    Authenticate(headers, options);
  } catch (const Error& error) {
    return error;
  }
  FAIL("was not refused");
  return {"", ""};
}

}  // namespace

TEST_CASE("the admin secret makes an administrator", "[authenticate]") {
  Options options;
  options.admin_secret = "s3cret";
  for (const char* name : {"x-hasura-admin-secret", "x-hasura-access-key"}) {
    const auto identity =
        Authenticate({{name, "s3cret"}, {"x-hasura-user-id", "7\"7"}, {"authorization", "b"}}, options);
    CHECK(identity.is_admin);
    CHECK(identity.session.database_role.empty());
    CHECK(identity.session.session_variables == R"({"x-hasura-role":"admin","x-hasura-user-id":"7\"7"})");
  }
  CHECK(Authenticate({{"x-hasura-admin-secret", "s3cret"}, {"x-hasura-access-key", "s3cret"}}, options).is_admin);
  CHECK(Refusal({{"x-hasura-admin-secret", "s3cret"}, {"x-hasura-access-key", "x"}}, options).code() ==
        "access-denied");
  CHECK(Refusal({}, options).message() == "x-hasura-admin-secret/x-hasura-access-key required, but not found");
  for (const char* wrong : {"", "s3cre", "s3cret ", "S3CRET"}) {
    const Error refusal = Refusal({{"x-hasura-admin-secret", wrong}}, options);
    CHECK(refusal.code() == "access-denied");
    CHECK(refusal.message() == "invalid x-hasura-admin-secret/x-hasura-access-key");
  }
}

TEST_CASE("each of several admin secrets counts", "[authenticate]") {
  Options options;
  options.admin_secret = "new";
  options.further_admin_secrets = {"old", "older"};
  for (const char* secret : {"new", "old", "older"}) {
    const auto identity = Authenticate({{"x-hasura-admin-secret", secret}}, options);
    CHECK(identity.is_admin);
    CHECK(identity.role == "admin");
  }
  for (const char* wrong : {"", "ol", "newold", "oldest"})
    CHECK(Refusal({{"x-hasura-admin-secret", wrong}}, options).code() == "access-denied");
}

TEST_CASE("without a secret everyone is an administrator", "[authenticate]") {
  CHECK(Authenticate({}, Options()).is_admin);
  CHECK(Authenticate({{"x-hasura-role", "admin"}}, Options()).is_admin);
}

TEST_CASE("an administrator may ask on behalf of a role, and has its rights then", "[authenticate]") {
  Options options;
  options.admin_secret = "s";
  const auto identity =
      Authenticate({{"x-hasura-admin-secret", "s"}, {"x-hasura-role", "user"}, {"x-hasura-user-id", "1"}}, options);
  CHECK_FALSE(identity.is_admin);
  CHECK(identity.role == "user");
  CHECK(identity.session.session_variables == R"({"x-hasura-role":"user","x-hasura-user-id":"1"})");
  CHECK(Refusal({{"x-hasura-role", "user"}}, options).code() == "access-denied");
  CHECK(Refusal({{"x-hasura-admin-secret", "s"}, {"x-hasura-role", ""}}, options).code() == "access-denied");
  CHECK_FALSE(Authenticate({{"x-hasura-role", "user"}}, Options()).is_admin);
}
