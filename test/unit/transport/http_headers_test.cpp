#include <catch2/catch.hpp>

#include "transport/cors.hpp"
#include "transport/graphql_endpoint.hpp"

using namespace threefactor::transport;
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

TEST_CASE("origins are allowed by name, by subdomain, or all without credentials", "[cors]") {
  CHECK(CorsHeaders("", {"*"}).empty());
  const std::string any = CorsHeaders("https://a.example.com", {"*"});
  CHECK_THAT(any, Contains("Access-Control-Allow-Origin: *\r\n"));
  CHECK_THAT(any, !Contains("Credentials"));
  const std::string named = CorsHeaders("https://a.example.com", {"https://b.com", "https://a.example.com"});
  CHECK_THAT(named, Contains("Access-Control-Allow-Origin: https://a.example.com\r\n"));
  CHECK_THAT(named, Contains("Access-Control-Allow-Credentials: true\r\n"));
  CHECK_THAT(named, Contains("Vary: Origin\r\n"));
  CHECK_THAT(CorsHeaders("https://a.example.com", {"https://*.example.com"}), Contains("Allow-Origin"));
  for (const char* other : {"https://example.com", "http://a.example.com", "https://a.example.com.evil.com",
                            "https://evil.com/.example.com", "null"})
    CHECK_THAT(CorsHeaders(other, {"https://*.example.com"}), !Contains("Allow-Origin"));
}

TEST_CASE("reads of an administrator run without settings", "[http]") {
  Identity identity;
  identity.is_admin = true;
  identity.session.session_variables = "{}";
  threefactor::sql::Compiled compiled;
  CHECK(SessionFor(identity, compiled).session_variables.empty());
  compiled.kind = threefactor::sql::Compiled::Kind::kMutation;
  CHECK(SessionFor(identity, compiled).session_variables == "{}");
  compiled.kind = threefactor::sql::Compiled::Kind::kQuery;
  identity.is_admin = false;
  CHECK(SessionFor(identity, compiled).session_variables == "{}");
}
