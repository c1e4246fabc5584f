// What a document of metadata stands for.
#include "metadata/document.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "qualified/unqualified.hpp"

using threefactor::Error;
using threefactor::ParseJson;
using namespace threefactor::metadata;

namespace {

Document Read(const std::string& text) {
  return ReadDocument(ParseJson(text, "it").root(), "$");
}

std::string WithTables(const std::string& tables) {
  return R"({"version":3,"sources":[{"name":"default","kind":"postgres","tables":[)" + tables + "]}]}";
}

std::vector<std::string> Labels(const Document& document) {
  std::vector<std::string> labels;
  for (const Object& object : document.objects) labels.push_back(object.label);
  return labels;
}

}  // namespace

TEST_CASE("metadata: tables come before what belongs to them", "[metadata]") {
  const Document document = Read(WithTables(
      R"({"table":"b","event_triggers":[{"name":"e","definition":{"enable_manual":true},"webhook":"http://x"}],
          "select_permissions":[{"role":"r","permission":{"columns":"*","filter":{}}}],
          "object_relationships":[{"name":"a","using":{"foreign_key_constraint_on":"a_id"}}]},
         {"table":{"schema":"s","name":"a"},"is_enum":false})"));
  CHECK(document.refused.empty());
  CHECK(Labels(document) == std::vector<std::string>{"table b in source default", "table s.a in source default",
                                                     "object_relation a in table b in source default",
                                                     "select_permission r in table b in source default",
                                                     "event_trigger e in table b in source default"});
  CHECK(document.objects[1].item == R"({"table":{"name":"a","schema":"s"}})");
}

TEST_CASE("metadata: what is wrong is all reported, each with its path, and the rest is read", "[metadata]") {
  const Document document = Read(
      R"({"version":3,"x":1,"actions":[{"name":"n"},{}],"remote_schemas":[],"custom_types":{"enums":[]},
          "sources":[{"name":"a","kind":"postgres","customization":{"naming_convention":"graphql-default"},
                      "tables":[{"table":"t","x":1},{"x":1},7]},{"name":"b"}],
          "cron_triggers":[{"name":"c"}],"allowlist":{}})");
  std::vector<std::string> paths;
  for (const Error& error : document.refused) paths.push_back(error.path());
  std::sort(paths.begin(), paths.end());
  CHECK(paths == std::vector<std::string>{"$.actions[0]", "$.actions[1]", "$.allowlist", "$.cron_triggers[0]",
                                          "$.sources[0].customization.naming_convention", "$.sources[0].tables[0].x",
                                          "$.sources[0].tables[1]", "$.sources[0].tables[2]", "$.sources[1]", "$.x"});
  CHECK(Labels(document) == std::vector<std::string>{"source a", "table t in source default"});
}

TEST_CASE("metadata: a name that is given twice is refused, and both places are named", "[metadata]") {
  const std::string trigger = R"({"name":"e","definition":{"enable_manual":true},"webhook":"http://x"})";
  const Document document = Read(WithTables(R"({"table":"a","event_triggers":[)" + trigger +
                                            R"(]},{"table":"b","event_triggers":[)" + trigger + "]}"));
  REQUIRE(document.refused.size() == 1);
  CHECK(document.refused[0].code() == "already-exists");
  CHECK_THAT(document.refused[0].message(), Catch::Contains("$.sources[0].tables[0].event_triggers[0]") &&
                                                Catch::Contains("$.sources[0].tables[1].event_triggers[0]"));
}

TEST_CASE("metadata: older forms have their tables at the top", "[metadata]") {
  for (
      const char* text :
      {R"({"tables":[{"table":"t"}],"functions":["f",{"schema":"s","name":"g"}]})",
       R"({"version":2,"tables":[{"table":"t"}],"functions":[{"function":"f"},{"function":{"schema":"s","name":"g"}}]})"}) {
    const Document document = Read(text);
    CHECK(document.refused.empty());
    CHECK(Labels(document) == std::vector<std::string>{"table t in source default", "function f in source default",
                                                       "function s.g in source default"});
  }
}

TEST_CASE("metadata: a table that is not to be tracked keeps what is said of it", "[metadata]") {
  const Document document = Read(
      R"({"version":3,"sources":[{"name":"default","kind":"postgres","tables":[{"table":"t",
          "event_triggers":[{"name":"e","definition":{"enable_manual":true},"webhook":"http://x"}]}],
          "threefactor":{"untracked_tables":["t"]}}]})");
  CHECK(document.refused.empty());
  CHECK(Labels(document) == std::vector<std::string>{"untracked table t in source default",
                                                     "event_trigger e in table t in source default"});
}

TEST_CASE("metadata: what each operation carries is kept apart where it differs", "[metadata]") {
  const auto payloads = [](const std::string& operations) {
    const Document document = Read(WithTables(
        R"({"table":"t","event_triggers":[{"name":"e","webhook":"http://x","definition":{)" + operations + "}}]}"));
    REQUIRE(document.refused.empty());
    const auto& parameters = document.objects.back().statement.parameters;
    return std::pair(parameters.at(5), parameters.at(12));
  };
  using Pair = std::pair<std::optional<std::string>, std::optional<std::string>>;
  CHECK(payloads(R"("insert":{"columns":"*"},"delete":{"columns":"*"})") == Pair{std::nullopt, std::nullopt});
  CHECK(payloads(R"("insert":{"columns":"*","payload":["a"]},"delete":{"columns":"*","payload":["a"]})") ==
        Pair{R"({"a"})", std::nullopt});
  CHECK(payloads(R"("insert":{"columns":"*","payload":["a"]},"delete":{"columns":"*","payload":"*"})") ==
        Pair{std::nullopt, R"({"INSERT":["a"]})"});
}

TEST_CASE("metadata: its statements look nothing up by the search_path", "[metadata]") {
  const Document document = Read(
      R"({"version":3,"sources":[{"name":"a","kind":"postgres","configuration":{"x":1},"tables":[{"table":"t","is_enum":true,
          "computed_fields":[{"name":"c","definition":{"function":"f"}}],
          "event_triggers":[{"name":"e","definition":{"insert":{"columns":"*"}},"webhook":"http://x",
                             "threefactor":{"condition":"NEW.a > 1","search_path":"public","secrets":["s"]}}]}],
          "functions":[{"function":"f","permissions":[{"role":"r"}]}],"threefactor":{"untracked_tables":["u"]}}],
          "query_collections":[{"name":"q","definition":{"queries":[]}}],"allowlist":[{"collection":"q"}],
          "cron_triggers":[{"name":"n","webhook":"http://x","schedule":"* * * * *","threefactor":{"time_zone":"Europe/Berlin"}}],
          "api_limits":{"disabled":true},"inherited_roles":[{"role_name":"i","role_set":["r"]}]})");
  CHECK(document.refused.empty());
  CHECK(document.objects.size() == 12);
  for (const Object& object : document.objects) {
    INFO(object.statement.text);
    CHECK(threefactor::qualified::FindUnqualified(object.statement.text) == "");
    CHECK(object.statement.parameters.size() <= 24);  // as threefactor.make_calls passes on
  }
}

TEST_CASE("metadata: what is stored as inconsistent is made as it was", "[metadata]") {
  const std::string stored = R"([
      {"kind":"select_permissions","schema":"public","table":"t","name":"r","item":{"role":"r","permission":{"columns":"*","filter":{}}},"reason":"because"},
      {"kind":"function","schema":"s","table":"f","name":"","item":{"function":{"schema":"s","name":"f"}},"reason":"because"},
      {"kind":"table","schema":"public","table":"t","name":"","item":{"table":{"schema":"public","name":"t"},"configuration":{"custom_name":"T"}},"reason":"because"},
      {"kind":"allowlist","schema":"","table":"","name":"c","item":{"collection":"c"},"reason":"because"}])";
  const auto parsed = ParseJson(stored, "it");
  const std::vector<Object> objects = ReadStored(parsed.root());
  std::vector<std::string> labels;
  for (const Object& object : objects) labels.push_back(object.label);
  CHECK(labels == std::vector<std::string>{"table t in source default", "function s.f in source default",
                                           "select_permission r in table t in source default", "allowlist c"});
  CHECK(Show(objects[3]) ==
        R"({"definition":{"collection":"c"},"name":"allowlist c","reason":"because","type":"allowlist"})");
}
