#include <catch2/catch.hpp>

#include "api/graphql_endpoint.hpp"

using namespace threefactor;
using namespace threefactor::api;
using Catch::Matchers::Contains;

TEST_CASE("the media type of the answer follows Accept", "[http]") {
  CHECK_FALSE(WantsGraphqlResponse(""));
  CHECK_FALSE(WantsGraphqlResponse("*/*"));
  CHECK_FALSE(WantsGraphqlResponse("application/json"));
  CHECK_FALSE(WantsGraphqlResponse("text/html, image/png;q=0.9"));
  CHECK(WantsGraphqlResponse("application/graphql-response+json"));
  CHECK(WantsGraphqlResponse("application/graphql-response+json, application/json;q=0.9"));
  CHECK(WantsGraphqlResponse("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"));
  CHECK_FALSE(WantsGraphqlResponse("application/graphql-response+json;q=0.5, application/json"));
  CHECK_FALSE(WantsGraphqlResponse("application/graphql-response+json;q=0"));
}

TEST_CASE("reads of an administrator run without settings", "[http]") {
  Identity identity;
  identity.is_admin = true;
  identity.session.session_variables = "{}";
  sql::Compiled compiled;
  const ServedRole login;
  CHECK(SessionFor(identity, login, compiled).session_variables.empty());
  compiled.kind = sql::Compiled::Kind::kMutation;
  CHECK(SessionFor(identity, login, compiled).session_variables == "{}");
  compiled.kind = sql::Compiled::Kind::kQuery;
  compiled.residue = schema::Residue::kSettings;  // a view may read them
  CHECK(SessionFor(identity, login, compiled).session_variables == "{}");
  compiled.residue = schema::Residue::kNothing;
  identity.is_admin = false;
  ServedRole role;
  role.database_role = "web";
  role.statement_timeout = "5s";
  const Session session = SessionFor(identity, role, compiled);
  CHECK(session.session_variables == "{}");
  CHECK(session.database_role == "web");
  CHECK(session.statement_timeout == "5s");
}

TEST_CASE("what Postgres said is told to administrators, in dev mode to all", "[http]") {
  Identity admin;
  admin.is_admin = true;
  Options options;
  CHECK(ShowsInternal(admin, options));
  CHECK_FALSE(ShowsInternal(Identity(), options));
  options.admin_internal_errors = false;
  CHECK_FALSE(ShowsInternal(admin, options));
  options.dev_mode = true;
  CHECK(ShowsInternal(admin, options));
  CHECK(ShowsInternal(Identity(), options));
}
