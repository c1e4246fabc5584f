#include "options/options.hpp"

#include <cctype>
#include <cstdlib>
#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "api/endpoints.hpp"
#include "api/reference.hpp"
#include "options/option_table.hpp"
#include "options/wrapped.hpp"

using Catch::Matchers::Contains;
using threefactor::Options;
using threefactor::ParseOptions;

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

// Environment variables for the time of a test.
class Environment {
 public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> variables) : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

Options Parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "threefactor-gateway");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  Options options;
  int exit_code = -1;
  const bool goes_on = ParseOptions(static_cast<int>(pointers.size()), pointers.data(), options, exit_code);
  REQUIRE(goes_on);
  return options;
}

std::string Refusal(const std::vector<std::string>& arguments) {
  try {
    Parse(arguments);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

const std::string kUrl = "--database-url=postgresql://h/d";

}  // namespace

TEST_CASE("flags set options", "[options]") {
  const Options options =
      Parse({kUrl, "--listen", "[::1]:99", "--schemas", "a,b", "--prepared", "off", "--pool-size", "3", "--max-body",
             "2MB", "--cors-origins", "https://a,https://b", "--max-depth", "9"});
  CHECK(options.database_url == "postgresql://h/d");
  CHECK(options.listen_host == "::1");
  CHECK(options.listen_port == 99);
  CHECK(options.schemas == std::vector<std::string>{"a", "b"});
  CHECK(options.prepared == false);
  CHECK(options.pool_size == 3);
  CHECK(options.max_body_bytes == 2U << 20);
  CHECK(options.cors_origins == std::vector<std::string>{"https://a", "https://b"});
  CHECK(options.limits.depth == 9);
}

TEST_CASE("the environment sets options; ours wins over Hasura's, a flag over both", "[options]") {
  {
    const Environment environment({{"HASURA_GRAPHQL_DATABASE_URL", "postgresql://hasura/d"},
                                   {"HASURA_GRAPHQL_ADMIN_SECRET", "hasura"},
                                   {"HASURA_GRAPHQL_SERVER_PORT", "8081"},
                                   {"HASURA_GRAPHQL_SERVER_HOST", "*"},
                                   {"HASURA_GRAPHQL_GRACEFUL_SHUTDOWN_TIMEOUT", "7"}});
    const Options options = Parse({});
    CHECK(options.database_url == "postgresql://hasura/d");
    CHECK(options.admin_secret == "hasura");
    CHECK(options.listen_host == "0.0.0.0");
    CHECK(options.listen_port == 8081);
    CHECK(options.drain_timeout_ms == 7000);
    CHECK(Parse({"--listen", "127.0.0.1:1"}).listen_port == 1);
    const Environment ours({{"THREEFACTOR_ADMIN_SECRET", "ours"}, {"THREEFACTOR_LISTEN", "127.0.0.1:2"}});
    CHECK(Parse({}).admin_secret == "ours");
    CHECK(Parse({}).listen_port == 2);
    CHECK(Parse({"--admin-secret", "flag"}).admin_secret == "flag");
  }
  CHECK(Parse({kUrl}).admin_secret.empty());
}

TEST_CASE("a wrong option is refused with its reason", "[options]") {
  CHECK_THAT(Refusal({}), Contains("--database-url"));
  CHECK_THAT(Refusal({kUrl, "--no-such"}), Contains("--no-such"));
  CHECK_THAT(Refusal({kUrl, "--pool-size", "0"}), Contains("--pool-size"));
  CHECK_THAT(Refusal({kUrl, "--pool-size", "many"}), Contains("--pool-size"));
  CHECK_THAT(Refusal({kUrl, "--listen", "8080"}), Contains("HOST:PORT"));
  CHECK_THAT(Refusal({kUrl, "--listen", "127.0.0.1:99999"}), Contains("HOST:PORT"));
  CHECK_THAT(Refusal({kUrl, "--log-level", "loud"}), Contains("--log-level"));
  CHECK_THAT(Refusal({kUrl, "--cors-origins", "null"}), Contains("--cors-origins"));
  CHECK_THAT(Refusal({kUrl, "--cors-origins", "https://a/b"}), Contains("--cors-origins"));
  CHECK_THAT(Refusal({kUrl, "--body-memory", "1MB"}), Contains("--body-memory"));
  CHECK_THAT(Refusal({kUrl, "--gzip-level", "10"}), Contains("--gzip-level: 10 is not a number from 0 to 9"));
  CHECK_THAT(Refusal({kUrl, "--max-tokens", "-1"}), Contains("--max-tokens: -1 is not a number at least 1"));
  CHECK_THAT(Refusal({kUrl, "--max-response", "2GB"}), Contains("--max-response"));
  CHECK_THAT(Refusal({kUrl, "--statement-timeout", "99999999999"}), Contains("--statement-timeout"));
  const Environment environment(Variables{{"HASURA_GRAPHQL_GRACEFUL_SHUTDOWN_TIMEOUT", "3000000"}});
  CHECK_THAT(Refusal({kUrl}), Contains("3000000 is not a number from 0 to 1000000"));
}

TEST_CASE("an empty value never means that there is no protection", "[options]") {
  for (const char* name : {"THREEFACTOR_ADMIN_SECRET", "HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_CORS_DOMAIN",
                           "THREEFACTOR_CORS_ORIGINS", "THREEFACTOR_TRUSTED_DOCUMENTS", "HASURA_GRAPHQL_JWT_SECRET",
                           "THREEFACTOR_JWT_SECRETS", "HASURA_GRAPHQL_AUTH_HOOK", "HASURA_GRAPHQL_UNAUTHORIZED_ROLE",
                           "HASURA_GRAPHQL_ADMIN_SECRETS"}) {
    const Environment environment(Variables{{name, ""}});
    CHECK_THAT(Refusal({kUrl}), Contains(std::string(name) + " is set but empty"));
  }
  for (const char* flag : {"--admin-secret=", "--cors-origins=", "--trusted-documents="}) {
    INFO(flag);
    CHECK_FALSE(Refusal({kUrl, flag}).empty());
  }
  for (const char* secret : {" ", "s ", " s", "s\n", "a\tb"})
    CHECK_THAT(Refusal({kUrl, "--admin-secret", secret}), Contains("--admin-secret"));
}

TEST_CASE("Hasura's forms of values", "[options]") {
  const Environment environment(
      {{"HASURA_GRAPHQL_CORS_DOMAIN", "https://*.foo.bar.com:8080, http://*.localhost,http://localhost:3000"},
       {"HASURA_GRAPHQL_DEV_MODE", "true"},
       {"HASURA_GRAPHQL_ENABLE_CONSOLE", "true"}});
  const Options options = Parse({kUrl, "--admin-secret", "s"});
  CHECK(options.cors_origins ==
        std::vector<std::string>{"https://*.foo.bar.com:8080", "http://*.localhost", "http://localhost:3000"});
  CHECK(options.dev_mode);
  CHECK(options.admin_internal_errors);
  CHECK(options.ignored_variables == std::vector<std::string>{"HASURA_GRAPHQL_ENABLE_CONSOLE"});
  const Environment off(Variables{{"HASURA_GRAPHQL_ADMIN_INTERNAL_ERRORS", "false"}});
  CHECK_FALSE(Parse({kUrl}).admin_internal_errors);
  const Environment nonsense(Variables{{"HASURA_GRAPHQL_DEV_MODE", "perhaps"}});
  CHECK_THAT(Refusal({kUrl}), Contains("dev-mode") || Contains("DEV_MODE"));
}

TEST_CASE("what protects and is not served stops the start", "[options]") {
  const Environment environment(Variables{{"HASURA_GRAPHQL_METRICS_SECRET", "not-to-be-told"}});
  CHECK_THAT(Refusal({kUrl}), Contains("HASURA_GRAPHQL_METRICS_SECRET") && !Contains("not-to-be-told"));
}

TEST_CASE("tokens, webhook and unauthorized role need an admin secret, and contradict each other by name",
          "[options]") {
  const std::string jwt = R"({"type":"HS256","key":"ssssssssssssssssssssssssssssssss"})";
  const std::string cookie =
      R"({"type":"HS256","key":"ssssssssssssssssssssssssssssssss","header":{"type":"Cookie","name":"t"}})";
  const std::vector<std::string> secret = {kUrl, "--admin-secret", "s"};
  const auto with = [](std::vector<std::string> some, const std::vector<std::string>& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
  };
  CHECK_THAT(Refusal({kUrl, "--jwt-secret", jwt}), Contains("HASURA_GRAPHQL_JWT_SECRET") && Contains("ADMIN_SECRET"));
  CHECK_THAT(Refusal({kUrl, "--auth-hook", "http://h"}), Contains("HASURA_GRAPHQL_AUTH_HOOK"));
  CHECK_THAT(Refusal({kUrl, "--unauthorized-role", "a"}), Contains("HASURA_GRAPHQL_UNAUTHORIZED_ROLE"));
  const Options options = Parse(with(secret, {"--jwt-secret", jwt, "--unauthorized-role", "anonymous"}));
  REQUIRE(options.jwt_secrets.size() == 1);
  CHECK(options.unauthorized_role == "anonymous");
  CHECK(Parse(with(secret, {"--jwt-secrets", "[" + jwt + "," + jwt + "]"})).jwt_secrets.size() == 2);
  const auto hook = Parse(with(secret, {"--auth-hook", "http://h/", "--auth-hook-mode", "post"})).auth_hook;
  CHECK(hook.url == "http://h/");
  CHECK(hook.is_post);
  CHECK(hook.sends_request);
  for (const auto& [more, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--jwt-secret", jwt, "--jwt-secrets", "[" + jwt + "]"}, "both"},
           {{"--jwt-secret", jwt, "--auth-hook", "http://h"}, "cannot both"},
           {{"--auth-hook", "http://h", "--unauthorized-role", "a"}, "cannot be given"},
           {{"--auth-hook", "ftp://h"}, "--auth-hook"},
           {{"--auth-hook", "http://h", "--auth-hook-mode", "PUT"}, "--auth-hook-mode"},
           {{"--unauthorized-role", "admin"}, "--unauthorized-role"},
           {{"--admin-secrets", "[\"t\"]"}, "both"},
           {{"--jwt-secret", "{\"typ\":\"HS256\"}"}, "$.typ"},
           {{"--jwt-secret", cookie}, "--cors-origins"},
           {{"--jwt-secret", cookie, "--cors-origins", "https://a,*"}, "--cors-origins"}}) {
    CAPTURE(why);
    CHECK_THAT(Refusal(with(secret, more)), Contains(why));
  }
  CHECK(Refusal(with(secret, {"--jwt-secret", cookie, "--cors-origins", "https://a"})).empty());
}

TEST_CASE("several admin secrets, while one is replaced", "[options]") {
  const Options options = Parse({kUrl, "--admin-secrets", R"(["new","o\"ld"])"});
  CHECK(options.admin_secret == "new");
  CHECK(options.further_admin_secrets == std::vector<std::string>{"o\"ld"});
  const Environment environment(Variables{{"HASURA_GRAPHQL_ADMIN_SECRETS", R"(["a","b","c"])"}});
  CHECK(Parse({kUrl}).further_admin_secrets.size() == 2);
  for (const char* wrong : {"a", "[]", "{}", "[5]", "[\"a\",\"\"]", "[\"a\"", "[\"a\",\" b\"]", "[\"a\",\"b\\n\"]"})
    CHECK_THAT(Refusal({kUrl, "--admin-secrets", wrong}), Contains("admin-secret"));
}

TEST_CASE("without a secret only loopback is served", "[options]") {
  CHECK_THAT(Refusal({kUrl, "--listen", "0.0.0.0:80"}), Contains("--insecure"));
  CHECK(Refusal({kUrl, "--listen", "0.0.0.0:80", "--insecure"}).empty());
  CHECK(Refusal({kUrl, "--listen", "0.0.0.0:80", "--admin-secret", "s"}).empty());
  CHECK(Refusal({kUrl, "--listen", "localhost:80"}).empty());
}

TEST_CASE("a word is taken in any case, and nothing else instead of it", "[options]") {
  CHECK(Parse({kUrl, "--debug-header", "Everyone"}).debug == Options::Debug::kEveryone);
  CHECK(Parse({kUrl, "--debug-header", "off"}).debug == Options::Debug::kOff);
  CHECK(Parse({kUrl, "--log-level", "WARN"}).log_level == "warn");
  CHECK_THAT(Refusal({kUrl, "--debug-header", "2"}), Contains("--debug-header"));
}

TEST_CASE("the table of options names each thing once", "[options]") {
  std::set<std::string_view> names;
  for (const threefactor::OptionRow& row : threefactor::OptionTable()) {
    CAPTURE(row.flag);
    CHECK(names.insert(row.flag).second);
    CHECK(!(row.variable.empty() && row.hasuras.empty()));
    if (!row.hasuras.empty()) CHECK(names.insert(row.hasuras).second);
    CHECK(row.text.back() != '.');
    CHECK_FALSE(threefactor::DefaultText(row).empty());
    if (row.variable.empty()) continue;
    std::string variable = "THREEFACTOR";
    for (const char c : row.flag.substr(1))
      variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(row.variable == variable);
  }
}

TEST_CASE("a default that is given is the default", "[options]") {
  for (const threefactor::OptionRow& row : threefactor::OptionTable()) {
    const std::string text = threefactor::DefaultText(row);
    if (row.is_switch || !row.otherwise.empty() || text == "none") continue;
    CAPTURE(row.flag, text);
    threefactor::RawOptions defaults;
    Options given = Parse({kUrl, std::string(row.flag), text});
    CHECK(given.cors_origins == defaults.options.cors_origins);
    CHECK(given.listen_port == defaults.options.listen_port);
    CHECK(given.listen_host == defaults.options.listen_host);
    CHECK(given.debug == defaults.options.debug);
    CHECK(given.max_body_bytes == defaults.options.max_body_bytes);
    CHECK(given.limits.response_characters == defaults.options.limits.response_characters);
    CHECK(given.admin_internal_errors == defaults.options.admin_internal_errors);
  }
}

TEST_CASE("the reference page has every option, variable and endpoint, in lines of a page", "[options]") {
  const std::string page = threefactor::ReferencePage();
  for (const threefactor::OptionRow& row : threefactor::OptionTable()) {
    CHECK_THAT(page, Contains(std::string(row.flag)) && Contains(std::string(row.variable)) &&
                         Contains(std::string(row.hasuras)));
  }
  for (const auto& row : threefactor::api::EndpointTable())
    if (row.path != "*") CHECK_THAT(page, Contains("`" + std::string(row.path) + "`"));
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = page.find('\n', at);
    CHECK(end - at <= 120);
    at = end + 1;
  }
}

TEST_CASE("text is wrapped between words", "[options]") {
  CHECK(threefactor::Wrapped("aa bb cccccccc d", 5, "") == "aa bb\ncccccccc\nd\n");
  CHECK(threefactor::Wrapped("aa bb", 5, "- ") == "- aa\n  bb\n");
  CHECK(threefactor::Wrapped("", 5, "- ") == "- \n");
}
