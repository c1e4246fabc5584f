#include "metadata/command.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "qualified/unqualified.hpp"
#include "unit/support/catalog.hpp"

using threefactor::Error;
using threefactor::ParseJson;
using namespace threefactor::metadata;

namespace {

Batch Parse(const std::string& text) {
  return ParseBatch(ParseJson(text, "it").root(),
                    {threefactor::test::BuildSchemaOf(threefactor::test::OrdersCatalog()), nullptr});
}

Error Refusal(const std::string& text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    return error;
  }
  FAIL("was not refused: " << text);
  return {"", ""};
}

std::vector<std::optional<std::string>> TriggerParameters(const std::string& args) {
  const Batch batch = Parse(R"({"type":"create_event_trigger","args":)" + args + "}");
  return batch.commands.at(0).statements.at(0).parameters;
}

std::string TriggerWith(const std::string& member) {
  return R"({"name":"a","table":"t","webhook":"http://x","insert":{"columns":"*"})" +
         (member.empty() ? "" : "," + member) + "}";
}

}  // namespace

TEST_CASE("create_event_trigger as existing apps post it", "[metadata]") {
  const Batch batch = Parse(R"({"type":"bulk","args":[{"type":"create_event_trigger","args":{
      "name":"validate-order","table":{"name":"or\"ders","schema":"public"},"webhook":"http://h/validate-order",
      "headers":[],"insert":{"columns":["order_id"]},"update":{"columns":["a","b\"c"]}}}]})");
  CHECK(batch.commands.front().before == "[");
  CHECK(batch.commands.back().after == "]");
  REQUIRE(batch.commands.size() == 1);
  CHECK(batch.commands[0].path == "$.args[0].args");
  CHECK(batch.commands[0].statements[0].parameters ==
        std::vector<std::optional<std::string>>{"validate-order", R"("public"."or""ders")", "http://h/validate-order",
                                                R"({"INSERT","UPDATE"})", R"({"a","b\"c"})", std::nullopt, "{}",
                                                R"({"attempts":1,"backoff":"fixed","interval":10,"timeout":60})",
                                                "false", R"({"order_id"})", "false", "false", std::nullopt});
}

TEST_CASE("trigger_on_replication is on_replica", "[metadata]") {
  CHECK(TriggerParameters(TriggerWith(R"("trigger_on_replication":true)"))[11] == "true");
  CHECK(TriggerParameters(TriggerWith(R"("trigger_on_replication":null)"))[11] == "false");
}

TEST_CASE("A custom name that GraphQL cannot express is refused with its path", "[metadata]") {
  const auto refused = [](const std::string& type, const std::string& args, const std::string& path) {
    const Error error = Refusal(R"({"type":")" + type + R"(","args":)" + args + "}");
    CHECK(error.code() == "parse-failed");
    CHECK(error.path() == path);
    CHECK_THAT(error.what(), Catch::Contains("is not a name of GraphQL"));
  };
  const auto table = [](const std::string& members) { return R"({"table":"t","configuration":{)" + members + "}}"; };
  for (const char* type : {"track_table", "set_table_customization"}) {
    refused(type, table(R"("custom_name":"a b")"), "$.args.configuration.custom_name");
    refused(type, table(R"("custom_name":"__a")"), "$.args.configuration.custom_name");
    refused(type, table(R"("custom_root_fields":{"select":"1a"})"), "$.args.configuration.custom_root_fields.select");
    refused(type, table(R"("custom_root_fields":{"select":{"name":"a-b"}})"),
            "$.args.configuration.custom_root_fields.select.name");
    refused(type, table(R"("column_config":{"id":{"custom_name":"\"}"}})"),
            "$.args.configuration.column_config.id.custom_name");
    refused(type, table(R"("custom_column_names":{"id":"x y"})"), "$.args.configuration.custom_column_names.id");
  }
  refused("set_table_custom_fields", R"({"table":"t","custom_column_names":{"id":"x y"}})",
          "$.args.custom_column_names.id");
  refused("track_function", R"({"function":"f","configuration":{"custom_name":"x y"}})",
          "$.args.configuration.custom_name");
  refused("track_function", R"({"function":"f","configuration":{"custom_root_fields":{"function":"x y"}}})",
          "$.args.configuration.custom_root_fields.function");
}

TEST_CASE("A key that is not understood is refused with its path", "[metadata]") {
  const auto refused = [](const std::string& type, const std::string& args, const std::string& path) {
    const Error error = Refusal(R"({"type":")" + type + R"(","args":)" + args + "}");
    CHECK(error.code() == "parse-failed");
    CHECK(error.path() == path);
    CHECK_THAT(error.what(), Catch::Contains("unknown key \"x"));
  };
  refused("create_event_trigger", TriggerWith(R"("x":1)"), "$.args.x");
  refused("create_event_trigger", TriggerWith(R"("update":{"columns":"*","x":1})"), "$.args.update.x");
  refused("create_event_trigger", TriggerWith(R"("retry_conf":{"x":1})"), "$.args.retry_conf.x");
  refused("create_event_trigger", TriggerWith(R"("headers":[{"name":"a","value":"b","x":1}])"), "$.args.headers[0].x");
  refused("create_event_trigger",
          R"({"name":"a","table":{"name":"t","x":1},"webhook":"http://x","enable_manual":true})", "$.args.table.x");
  refused("delete_event_trigger", R"({"name":"a","x":1})", "$.args.x");
  refused("invoke_event_trigger", R"({"name":"a","payload":{"y":1},"x":1})", "$.args.x");
  refused("redeliver_event", R"({"event_id":"a","x":1})", "$.args.x");
  refused("run_sql", R"({"sql":"SELECT 1","x":1})", "$.args.x");
  refused("reload_metadata", R"({"x":1})", "$.args.x");
  refused("clear_metadata", R"({"x":1})", "$.args.x");
  refused("track_table", R"({"name":"t","x":1})", "$.args.x");
  refused("track_table", R"({"table":"t","x":1})", "$.args.x");
  refused("track_table", R"({"table":"t","configuration":{"x":1}})", "$.args.configuration.x");
  refused("track_table", R"({"table":"t","configuration":{"custom_root_fields":{"x":"a"}}})",
          "$.args.configuration.custom_root_fields.x");
  refused("track_table", R"({"table":"t","configuration":{"custom_root_fields":{"select":{"x":"a"}}}})",
          "$.args.configuration.custom_root_fields.select.x");
  refused("set_table_customization", R"({"table":"t","configuration":{"column_config":{"id":{"x":"a"}}}})",
          "$.args.configuration.column_config.id.x");
  refused("untrack_table", R"({"table":"t","x":1})", "$.args.x");
  refused("set_table_is_enum", R"({"table":"t","is_enum":true,"x":1})", "$.args.x");
  refused("track_function", R"({"function":"f","configuration":{"x":1}})", "$.args.configuration.x");
  refused("untrack_function", R"({"function":"f","x":1})", "$.args.x");
  refused("add_computed_field", R"({"table":"t","name":"c","definition":{"function":"f","x":1}})",
          "$.args.definition.x");
  refused("drop_computed_field", R"({"table":"t","name":"c","x":1})", "$.args.x");
  refused("create_object_relationship", R"({"table":"t","name":"r","using":{"x":1}})", "$.args.using.x");
  refused("create_array_relationship",
          R"({"table":"t","name":"r","using":{"foreign_key_constraint_on":{"table":"u","column":"c","x":1}}})",
          "$.args.using.foreign_key_constraint_on.x");
  refused(
      "create_object_relationship",
      R"({"table":"t","name":"r","using":{"manual_configuration":{"remote_table":"u","column_mapping":{"a":"b"},"x":1}}})",
      "$.args.using.manual_configuration.x");
  refused("drop_relationship", R"({"table":"t","relationship":"r","x":1})", "$.args.x");
  refused("rename_relationship", R"({"table":"t","name":"r","new_name":"s","x":1})", "$.args.x");
  for (const std::string operation : {"select", "insert", "update", "delete"}) {
    refused("create_" + operation + "_permission", R"({"table":"t","role":"r","permission":{"x":1}})",
            "$.args.permission.x");
    refused("drop_" + operation + "_permission", R"({"table":"t","role":"r","x":1})", "$.args.x");
  }
  refused("create_function_permission", R"({"function":"f","role":"r","x":1})", "$.args.x");
  refused("add_inherited_role", R"({"role_name":"r","role_set":["s"],"x":1})", "$.args.x");
  refused("drop_inherited_role", R"({"role_name":"r","x":1})", "$.args.x");
  refused("create_cron_trigger", R"({"name":"c","webhook":"http://x","schedule":"* * * * *","x":1})", "$.args.x");
  refused("create_cron_trigger", R"({"name":"c","webhook":"http://x","schedule":"* * * * *","retry_conf":{"x":1}})",
          "$.args.retry_conf.x");
  refused("delete_cron_trigger", R"({"name":"c","x":1})", "$.args.x");
  refused("create_scheduled_event", R"({"webhook":"http://x","schedule_at":"2027-01-01","x":1})", "$.args.x");
  refused("delete_scheduled_event", R"({"type":"one_off","event_id":"a","x":1})", "$.args.x");
  CHECK(Refusal(R"({"type":"run_sql","args":{"sql":"SELECT 1"},"x":1})").path() == "$.x");
  CHECK(Refusal(R"({"type":"bulk","args":[],"x":1})").path() == "$.x");
}

TEST_CASE("A configuration whose values are of another type is refused with their path", "[metadata]") {
  const auto path = [](const std::string& type, const std::string& args) {
    return Refusal(R"({"type":")" + type + R"(","args":)" + args + "}").path();
  };
  CHECK(path("track_table", R"({"table":"t","configuration":{"custom_root_fields":{"select":{"comment":1}}}})") ==
        "$.args.configuration.custom_root_fields.select.comment");
  CHECK(path("track_table", R"({"table":"t","configuration":{"custom_root_fields":{"select_stream":"s"}}})") ==
        "$.args.configuration.custom_root_fields.select_stream");
  CHECK(path("track_table", R"({"table":"t","configuration":{"column_config":{"id":{"custom_name":1}}}})") ==
        "$.args.configuration.column_config.id.custom_name");
  CHECK(path("track_table", R"({"table":"t","configuration":{"custom_column_names":{"id":1}}})") ==
        "$.args.configuration.custom_column_names.id");
  CHECK(path("set_table_custom_fields", R"({"table":"t","custom_column_names":{"id":1}})") ==
        "$.args.custom_column_names.id");
  CHECK(path("track_function", R"({"function":"f","configuration":{"exposed_as":"stream"}})") ==
        "$.args.configuration.exposed_as");
  CHECK(path("track_function", R"({"function":"f","configuration":{"custom_root_fields":{"function":{}}}})") ==
        "$.args.configuration.custom_root_fields.function");
  CHECK(path("reload_metadata", R"({"reload_sources":["default"],"reload_remote_schemas":[1]})") ==
        "$.args.reload_remote_schemas");
}

TEST_CASE("only an update's columns filter; \"*\" and an insert's list do not", "[metadata]") {
  CHECK(TriggerParameters(R"({"name":"a","table":"t","webhook":"h","insert":{"columns":["x"]}})")[4] == std::nullopt);
  CHECK(TriggerParameters(R"({"name":"a","table":"t","webhook":"h","update":{"columns":"*"}})")[4] == std::nullopt);
  CHECK(TriggerParameters(R"({"name":"a","table":"t","webhook":"h","update":{"columns":["x"]}})")[4] == R"({"x"})");
}

TEST_CASE("Hasura's other arguments of create_event_trigger", "[metadata]") {
  CHECK(TriggerParameters(TriggerWith(R"("retry_conf":{"num_retries":3,"interval_sec":5,"timeout_sec":7})"))[7] ==
        R"({"attempts":4,"backoff":"fixed","interval":5,"timeout":7})");
  CHECK(
      TriggerParameters(TriggerWith(R"("headers":[{"name":"A","value":"1"},{"name":"B","value_from_env":"V"}])"))[6] ==
      R"({"A":"1","B":{"env":"V"}})");
  CHECK(TriggerParameters(TriggerWith(R"("replace":true)"))[8] == "true");
  CHECK(TriggerParameters(R"({"name":"a","table":"t","webhook_from_env":"URL","enable_manual":true})") ==
        std::vector<std::optional<std::string>>{"a", R"("public"."t")", "{{URL}}", "{}", std::nullopt, std::nullopt,
                                                "{}", R"({"attempts":1,"backoff":"fixed","interval":10,"timeout":60})",
                                                "false", "{}", "true", "false", std::nullopt});
}

TEST_CASE("a wrong create_event_trigger says what is wrong", "[metadata]") {
  const auto refusal = [](const std::string& args) {
    return Refusal(R"({"type":"pg_create_event_trigger","args":)" + args + "}");
  };
  CHECK(refusal(R"({"name":"a","table":"t","webhook":"h"})").message() ==
        "atleast one amongst insert/update/delete/enable_manual spec must be provided");
  CHECK(refusal(R"({"table":"t","webhook":"h"})").message() == "key \"name\" not found");
  CHECK(refusal(R"({"name":"1a","table":"t","webhook":"h","insert":{}})").path() == "$.args.name");
  CHECK(refusal(TriggerWith(R"("webhook_from_env":"V")")).code() == "parse-failed");
  CHECK(refusal(R"({"name":"a","table":"t","insert":{}})").message() ==
        "must provide either webhook or webhook_from_env");
  CHECK(refusal(TriggerWith(R"("headers":[{"name":"A"}])")).path() == "$.args.headers[0]");
  CHECK(refusal(TriggerWith(R"("retry_conf":{"num_retries":-1})")).path() == "$.args.retry_conf.num_retries");
  CHECK(refusal(TriggerWith(R"("request_transform":{})")).code() == "not-supported");
}

TEST_CASE("the other event calls", "[metadata]") {
  const Batch invoke = Parse(R"({"type":"pg_invoke_event_trigger","args":{"name":"a","payload":{"x":[1]}}})");
  CHECK(invoke.commands[0].statements[0].parameters == std::vector<std::optional<std::string>>{"a", R"({"x":[1]})"});
  CHECK(RenderAnswer(invoke.commands[0], {{"invoke"}, {{"id"}}, true}) == R"({"event_id":"id"})");
  const Batch redeliver = Parse(R"({"type":"redeliver_event","args":{"event_id":"e"}})");
  CHECK(RenderAnswer(redeliver.commands[0], {{"redeliver"}, {{"1"}}, true}) == R"({"message":"success"})");
  CHECK_THROWS_AS(RenderAnswer(redeliver.commands[0], {{"redeliver"}, {{"0"}}, true}), Error);
}

TEST_CASE("a payload nested without end is refused, not followed", "[metadata]") {
  const auto nested = [](std::size_t levels) {
    return R"({"type":"invoke_event_trigger","args":{"name":"a","payload":)" + std::string(levels, '[') +
           std::string(levels, ']') + "}}";
  };
  CHECK(Parse(nested(1900)).commands[0].statements[0].parameters[1]->size() == 3800);
  CHECK(Refusal(nested(1'000'000)).code() == "invalid-json");
}

TEST_CASE("payloads keep every digit, and what they hold twice", "[metadata]") {
  const std::string payload = R"({"n":12345678901234567890.50,"m":[1.10,-0,1E400],"n":2})";
  const auto given = [&](const std::string& request) {
    const auto parameters = Parse(request).commands.at(0).statements.at(0).parameters;
    return std::find(parameters.begin(), parameters.end(), payload) != parameters.end();
  };
  CHECK(given(R"({"type":"invoke_event_trigger","args":{"name":"a","payload":)" + payload + "}}"));
  CHECK(given(R"({"type":"create_cron_trigger","args":{"name":"a","webhook":"w","schedule":"* * * * *","payload":)" +
              payload + "}}"));
  CHECK(given(R"({"type":"create_scheduled_event","args":{"webhook":"w","schedule_at":"2030-01-01","payload":)" +
              payload + "}}"));
}

TEST_CASE("a key that is given twice is refused, wherever it is read", "[metadata]") {
  const auto path = [](const std::string& text) { return Refusal(text).path() + ": " + Refusal(text).message(); };
  CHECK(path(R"({"type":"run_sql","type":"bulk","args":{"sql":"a"}})") == "$: the key \"type\" is given twice");
  CHECK(path(R"({"type":"run_sql","args":{"sql":"a","sql":"b"}})") == "$.args: the key \"sql\" is given twice");
  CHECK(path(R"({"type":"bulk","args":[{"type":"track_table","args":{"table":{"name":"a","name":"b"}}}]})") ==
        "$.args[0].args.table: the key \"name\" is given twice");
  CHECK(path(R"({"type":"delete","args":{"table":"orders","where":{"order_id":"a","order_id":"b"}}})") ==
        "$.args.where: the key \"order_id\" is given twice");
  CHECK(path(R"({"type":"insert","args":{"table":"orders","objects":[{"order_id":"a","order_id":"b"}]}})") ==
        "$.args.objects: the key \"order_id\" is given twice");
}

TEST_CASE("run_sql answers rows as strings, with their header", "[metadata]") {
  const Batch batch = Parse(R"({"type":"run_sql","args":{"sql":"select 1"}})");
  CHECK(batch.commands[0].changes_schema);
  CHECK(RenderAnswer(batch.commands[0], {{"a", "b"}, {{"1", std::nullopt}}, true}) ==
        R"({"result_type":"TuplesOk","result":[["a","b"],["1","NULL"]]})");
  CHECK(RenderAnswer(batch.commands[0], {{}, {}, false}) == R"({"result_type":"CommandOk","result":null})");
  const Batch read_only = Parse(R"({"type":"run_sql","args":{"sql":"select 1","read_only":true}})");
  CHECK_FALSE(read_only.commands[0].changes_schema);
  CHECK(read_only.commands[0].statements.at(static_cast<std::size_t>(read_only.commands[0].result)).text == "select 1");
}

TEST_CASE("requests that are not served are told apart from unknown ones", "[metadata]") {
  CHECK(Refusal(R"({"type":"pg_add_source","args":{}})").code() == "not-supported");
  CHECK(Refusal(R"({"type":"make_coffee","args":{}})").code() == "parse-failed");
  CHECK(Refusal(R"({"args":{}})").message() == "key \"type\" not found");
  CHECK(Refusal(R"([])").code() == "parse-failed");
  CHECK(Refusal(R"({"type":"bulk","args":{}})").path() == "$.args");
  CHECK(Refusal(R"({"type":"bulk","args":[{"type":"run_sql","args":{}}]})").path() == "$.args[0].args");
}

TEST_CASE("the database is asked whether it knows the name of a source", "[metadata]") {
  for (const char* request :
       {R"({"type":"run_sql","args":{"sql":"SELECT 1","source":"other","read_only":true}})",
        R"({"type":"run_sql","source":"other","args":{"sql":"SELECT 1","read_only":true}})",
        R"({"type":"bulk","source":"other","args":[{"type":"run_sql","args":{"sql":"SELECT 1","read_only":true}}]})"}) {
    const Command command = Parse(request).commands.at(0);
    CHECK(command.statements.at(0).text == "SELECT threefactor.check_source($1)");
    CHECK(command.statements.at(0).parameters.at(0) == "other");
    CHECK(command.statements.at(static_cast<std::size_t>(command.result)).text == "SELECT 1");
  }
  CHECK(Parse(R"({"type":"run_sql","args":{"sql":"SELECT 1","source":"default","read_only":true}})")
            .commands.at(0)
            .statements.size() == 3);
}

TEST_CASE("bulks in bulks answer lists in lists", "[metadata]") {
  const Batch batch = Parse(R"({"type":"bulk","args":[{"type":"bulk","args":[]},{"type":"bulk_atomic","args":[
      {"type":"clear_metadata","args":{}},{"type":"clear_metadata","args":{}}]},{"type":"clear_metadata","args":{}}]})");
  std::string shape;
  for (const Command& command : batch.commands)
    shape += command.before + (command.answer == Command::Answer::kSuccess ? "c" : "") + command.after;
  CHECK(shape == "[[],[c,c],c]");
  CHECK(Refusal(R"({"type":"bulk","args":[{"type":"bulk","args":[{"type":"bulk_keep_going","args":[]}]}]})").path() ==
        "$.args[0].args[0].type");
  CHECK(Refusal(R"({"type":"bulk","args":[{"type":"clear_metadata","args":{},"resource_version":1}]})").path() ==
        "$.args[0].resource_version");
  CHECK(Parse(R"({"type":"clear_metadata","args":{},"resource_version":12})").expected_version == "12");
}

using Parameters = std::vector<std::optional<std::string>>;

TEST_CASE("a table is tracked by its name, in each of the forms", "[metadata]") {
  const auto parameters = [](const char* request) { return Parse(request).commands.at(0).statements.at(0).parameters; };
  const Parameters plain = {"public", "t", std::nullopt, "false"};
  CHECK(parameters(R"({"type":"track_table","args":"t"})") == plain);
  CHECK(parameters(R"({"type":"track_table","args":{"name":"t","schema":"public"}})") == plain);
  CHECK(parameters(R"({"type":"pg_track_table","args":{"table":{"name":"t","schema":"s"},"is_enum":true,
                       "configuration":{"custom_name":"T"}}})") ==
        Parameters{"s", "t", R"({"custom_name":"T"})", "true"});
  CHECK(Parse(R"({"type":"track_table","args":"t"})").commands[0].changes_schema);
}

TEST_CASE("relationships over a foreign key of either side, or over named columns", "[metadata]") {
  const auto parameters = [](const std::string& type, const std::string& given) {
    const std::string request =
        R"({"type":"create_)" + type + R"(_relationship","args":{"table":"t","name":"r","using":)";
    return Parse((request + given + "}}").c_str()).commands.at(0).statements.at(0).parameters;
  };
  CHECK(parameters("object", R"({"foreign_key_constraint_on":"a"})") ==
        Parameters{"public", "t", "r", "false", R"({"a"})", std::nullopt, std::nullopt, std::nullopt, "false",
                   std::nullopt});
  CHECK(parameters("array", R"({"foreign_key_constraint_on":{"table":{"schema":"s","name":"u"},"column":"b"}})") ==
        Parameters{"public", "t", "r", "true", std::nullopt, "s", "u", R"({"b"})", "false", std::nullopt});
  CHECK(parameters("object", R"({"manual_configuration":{"remote_table":"u","column_mapping":{"a":"b"},
                                 "insertion_order":"after_parent"}})") ==
        Parameters{"public", "t", "r", "false", R"({"a"})", "public", "u", R"({"b"})", "true", std::nullopt});
  CHECK(Refusal(R"({"type":"create_object_relationship","args":{"table":"t","name":"r","using":{}}})").path() ==
        "$.args.using");
}

TEST_CASE("the old insert: objects of the same columns are one INSERT", "[metadata]") {
  const Batch batch =
      Parse(R"({"type":"insert","args":{"table":"t","objects":[{"a":1,"b\"c":2},{"a":3,"b\"c":4},{}]}})");
  const auto& statement = batch.commands.at(0).statements.at(0);
  CHECK(statement.parameters == Parameters{R"([{"a":1,"b\"c":2},{"a":3,"b\"c":4}])"});
  CHECK(statement.text.find(R"(INSERT INTO "public"."t" ("a", "b""c") SELECT)") != std::string::npos);
  CHECK(statement.text.find("DEFAULT VALUES") != std::string::npos);
}

TEST_CASE("The old select names columns as the database does, and follows relationships", "[metadata]") {
  const Batch batch =
      Parse(R"({"type":"select","args":{"table":"orders","columns":["order_id",{"name":"items","columns":["*"],
      "order_by":"-id","limit":1}],"where":{"user_id":"ada","$or":[{"total":{"$gt":3}},{"items":{"item":"x"}}]}}})");
  REQUIRE(batch.commands.size() == 1);
  CHECK(batch.commands[0].answer == Command::Answer::kJson);
  const auto& statement = batch.commands[0].statements.at(0);
  CHECK(statement.text.find(R"("total" OPERATOR(pg_catalog.>) ($)") != std::string::npos);
  CHECK(statement.text.find("DESC NULLS FIRST LIMIT 1") != std::string::npos);
  CHECK(statement.text.find("EXISTS") != std::string::npos);
  CHECK(statement.parameters == std::vector<std::optional<std::string>>{"ada", "3", "x"});
}

TEST_CASE("The old update and delete answer as their fields do, count with its number", "[metadata]") {
  const Batch batch = Parse(R"({"type":"bulk","args":[
      {"type":"update","args":{"table":"orders","where":{"order_id":"o1"},"$set":{"user_id":"bob"},"$inc":{"total":1}}},
      {"type":"delete","args":{"table":"items","where":{},"returning":["id"]}},
      {"type":"count","args":{"table":"orders"}}]})");
  REQUIRE(batch.commands.size() == 3);
  CHECK(batch.commands[0].statements.at(0).text.find(R"("total" = _0."total" OPERATOR(pg_catalog.+) )") !=
        std::string::npos);
  CHECK(batch.commands[1].statements.at(0).text.find("DELETE FROM") != std::string::npos);
  threefactor::execute::Executor::Rows rows;
  rows.rows = {{R"({"aggregate":{"count":3}})"}};
  CHECK(RenderAnswer(batch.commands[2], rows) == R"({"count":3})");
}

namespace {

std::string TextOf(const std::string& request) {
  return Parse(request).commands.at(0).statements.at(0).text;
}

std::string Described(const std::string& request) {
  const Error error = Refusal(request);
  return error.code() + " " + error.path() + ": " + error.message();
}

std::string UpdateWith(const std::string& changes) {
  return R"({"type":"update","args":{"table":"orders","where":{"order_id":"o1"})" + changes + "}}";
}

}  // namespace

TEST_CASE("The old update: products, defaults, and nothing that is not said", "[metadata]") {
  const std::string text =
      TextOf(UpdateWith(R"(,"$mul":{"total":2.50},"$inc":{"restaurant_id":1},"$default":["user_id"])"));
  CHECK(text.find(R"("total" = _0."total" )") != std::string::npos);
  CHECK(text.find('*') != std::string::npos);
  CHECK(text.find(R"("restaurant_id" = _0."restaurant_id" )") != std::string::npos);
  CHECK(text.find(R"("user_id" = DEFAULT)") != std::string::npos);
  CHECK(Parse(UpdateWith(R"(,"$mul":{"total":2.50})")).commands[0].statements[0].parameters ==
        Parameters{"2.50", "o1"});
  const std::string nothing = "unexpected-payload $.args: at least one of $set, $inc, $mul, $default has to be present";
  CHECK(Described(UpdateWith("")) == nothing);
  CHECK(Described(UpdateWith(R"(,"$set":{},"$default":[])")) == nothing);
  CHECK(Described(UpdateWith(R"(,"_set":{"total":1})")).find("parse-failed $.args._set: unknown key \"_set\"") == 0);
  CHECK(Described(UpdateWith(R"(,"$set":{"total":1},"$mul":{"total":1})")) ==
        "validation-failed $.args['$mul']: column found in multiple operators; \"total\" in $set, $mul");
  CHECK(Described(UpdateWith(R"(,"$default":["nothing"])")) ==
        "not-exists $.args['$default'][0]: column \"nothing\" does not exist");
}

TEST_CASE("The old insert: conflicts, and columns that are known not to exist", "[metadata]") {
  const auto insert = [](const std::string& more) {
    return R"({"type":"insert","args":{"table":"orders","objects":[{"order_id":"a","total":1}])" + more + "}}";
  };
  CHECK(TextOf(insert(R"(,"on_conflict":{"action":"update","constraint":"orders_pkey"})"))
            .find(R"(ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "order_id" = EXCLUDED."order_id", )"
                  R"("total" = EXCLUDED."total" RETURNING 1)") != std::string::npos);
  CHECK(TextOf(insert(R"(,"on_conflict":{"action":"update","constraint_on":["order_id"]})"))
            .find(R"(ON CONFLICT ("order_id") DO UPDATE SET)") != std::string::npos);
  CHECK(TextOf(insert(R"(,"on_conflict":{"action":"ignore"})")).find("ON CONFLICT DO NOTHING") != std::string::npos);
  CHECK(TextOf(insert(R"(,"returning":"*")")).find("RETURNING *") != std::string::npos);
  CHECK(Described(insert(R"(,"on_conflict":{"constraint":"orders_pkey"})")) ==
        "parse-failed $.on_conflict: the key 'action' was not present");
  CHECK(Described(insert(R"(,"on_conflict":{"action":"update"})")) ==
        "unexpected-payload $.args.on_conflict: Expecting 'constraint' or 'constraint_on' when the 'action' is "
        "'update'");
  CHECK(Described(insert(R"(,"on_conflict":{"action":"update","constraint_on":["name"]})")) ==
        "not-exists $.args.on_conflict.constraint_on[0]: column \"name\" does not exist");
  CHECK(Described(insert(R"(,"on_conflict":{"action":"replace"})")).find("parse-failed $.args.on_conflict.action") ==
        0);
  CHECK(Described(insert(R"(,"on_conflict":{"action":"ignore","where":{}})"))
            .find("parse-failed $.args.on_conflict.where: unknown key") == 0);
  CHECK(Described(insert(R"(,"returning":["name"])")) ==
        "permission-denied $.args.returning: no such column exists : \"name\"");
  CHECK(Described(insert(R"(,"upsert":true)")).find("parse-failed $.args.upsert: unknown key") == 0);
}

TEST_CASE("The old filters: every operator by either name, also within casts, or refused", "[metadata]") {
  const auto select = [](const std::string& more) {
    return R"({"type":"select","args":{"table":"orders","columns":["order_id"])" + more + "}}";
  };
  const auto parameters = [&](const std::string& where) {
    return Parse(select(R"(,"where":)" + where)).commands[0].statements[0].parameters;
  };
  CHECK(parameters(R"({"details":{"$cast":{"String":{"$like":"%a%"}}}})") == Parameters{"%a%"});
  CHECK(parameters(R"({"$or":[{"total":{"$ne":1.50}},{"$not":{"user_id":{"_neq":"u"}}}]})") == Parameters{"1.50", "u"});
  CHECK(parameters(R"({"$and":[{"items":{"item":{"$in":["a","b"]}}}]})") == Parameters{R"({"a","b"})"});
  CHECK(Described(select(R"(,"where":{"$exists":{"_table":"items","_where":{}}})")) ==
        "not-supported $.args.where['$exists']: the operator \"$exists\" is not supported");
  CHECK(Described(select(R"(,"where":{"user_id":{"$ceq":"order_id"}})")) ==
        "not-supported $.args.where.user_id['$ceq']: the operator \"$ceq\" is not supported");
  CHECK(Described(select(R"(,"where":{"details":{"$cast":{"String":{"$eq":"a","$eq":"b"}}}})")) ==
        "parse-failed $.args.where.details['$cast'].String: the key \"$eq\" is given twice");
  CHECK(Described(select(R"(,"where":{"total":{"$near":1}})")).find("validation-failed $.args.where.total") == 0);
  CHECK(Described(select(R"(,"where":{"$or":[{"restaurant_id":{"$in":[1.5]}}]})"))
            .find("parse-failed $.args.where['$or'][0].restaurant_id['$in'][0]: The value 1.5") == 0);
  CHECK(Described(select(R"(,"group_by":["total"])")).find("parse-failed $.args.group_by: unknown key") == 0);
}

TEST_CASE("The old lists: limits are numbers, orders are columns", "[metadata]") {
  const auto select = [](const std::string& more) {
    return R"({"type":"select","args":{"table":"orders","columns":["order_id"])" + more + "}}";
  };
  CHECK(Described(select(R"(,"limit":"3")")) ==
        "parse-failed $.limit: parsing Int failed, expected Number, but encountered String");
  CHECK(Described(select(R"(,"offset":"1")")) ==
        "parse-failed $.offset: parsing Int failed, expected Number, but encountered String");
  CHECK(Described(select(R"(,"offset":-1)")) == "not-supported $.args.offset: unexpected negative value");
  CHECK(Described(select(R"(,"limit":1.5)")).find("parse-failed $.limit: parsing Int failed") == 0);
  CHECK(TextOf(select(R"(,"order_by":["+total",{"column":"user_id","type":"desc","nulls":"last"}])"))
            .find("NULLS LAST") != std::string::npos);
  CHECK(Described(select(R"(,"order_by":{"column":"total","order":"desc"})"))
            .find("parse-failed $.args.order_by.order: unknown key") == 0);
  CHECK(Described(select(R"(,"order_by":"-nothing")")) ==
        "not-exists $.args.order_by: column \"nothing\" does not exist");
  CHECK(Described(
            R"({"type":"select","args":{"table":"orders","columns":[{"name":"items","columns":["id"],"wher":{}}]}})")
            .find("parse-failed $.args.columns[0].wher: unknown key") == 0);
  CHECK(Described(R"({"type":"count","args":{"table":"orders","distinct":["nothing"]}})") ==
        "permission-denied $.args.distinct[0]: no such column exists : \"nothing\"");
}

TEST_CASE("Values of old queries arrive as they were sent", "[metadata]") {
  const auto parameters = [](const std::string& request) {
    return Parse(request).commands.at(0).statements.at(0).parameters;
  };
  const std::string digits = "12345678901234567890123456789.10";
  CHECK(parameters(UpdateWith(R"(,"$set":{"total":)" + digits + R"(},"$inc":{"restaurant_id":-7})")) ==
        Parameters{digits, "-7", "o1"});
  CHECK(parameters(UpdateWith(R"(,"$set":{"user_id":"a\"b\\{$v0}\u00e9\n"})")) ==
        Parameters{"a\"b\\{$v0}\xC3\xA9\n", "o1"});
  CHECK(parameters(UpdateWith(R"(,"$set":{"details":{"a":[1.50,{"b":null}],"a":2}})")) ==
        Parameters{R"({"a":[1.50,{"b":null}],"a":2})", "o1"});
  CHECK(
      Described(
          R"({"type":"select","args":{"table":"orders","columns":[{"name":"items","alias":"a{b}","columns":["id"]}]}})") ==
      "not-supported $.args.columns[0].alias: \"a{b}\" is no name that an answer can have");
}

TEST_CASE("An old query is as large as a request may be, and no deeper than others", "[metadata]") {
  std::string columns = R"("order_id")";
  for (int i = 0; i < 3000; ++i)
    columns += R"(,{"name":"items","alias":"i)" + std::to_string(i) + R"(","columns":["id"]})";
  CHECK_NOTHROW(Parse(R"({"type":"select","args":{"table":"orders","columns":[)" + columns + "]}}"));
  std::string steps;
  for (int i = 0; i < 200000; ++i) steps += "order.items.";
  const std::string start = R"({"type":"select","args":{"table":"items","columns":["id"],"order_by":")";
  CHECK(Described(start + steps + "id\"}}") == "validation-failed $.args.order_by: the order is of more than 64 steps");
  std::string where = R"({"id":1})";
  for (int i = 0; i < 900; ++i) where = R"({"$not":)" + where + "}";
  CHECK_THAT(Described(R"({"type":"select","args":{"table":"items","columns":["id"],"where":)" + where + "}}"),
             Catch::Matchers::Contains("the value is nested deeper than 64 levels"));
  std::string nested = R"("id")";
  for (int i = 0; i < 200; ++i) nested = R"({"name":"order","columns":[{"name":"items","columns":[)" + nested + "]}]}";
  CHECK_THAT(Described(R"({"type":"select","args":{"table":"items","columns":[)" + nested + "]}}"),
             Catch::Matchers::Contains("the document is nested deeper than 64 levels"));
}

TEST_CASE("Old queries name what they do not find", "[metadata]") {
  CHECK(Refusal(R"({"type":"select","args":{"table":"foobar","columns":["id"]}})").message() ==
        "table \"foobar\" does not exist");
  CHECK(Refusal(R"({"type":"select","args":{"table":"foobar","columns":["id"]}})").path() == "$.args.table");
  CHECK(Refusal(R"({"type":"select","args":{"table":"orders","columns":["nothing"]}})").code() == "not-exists");
  CHECK(Refusal(R"({"type":"delete","args":{"table":"orders"}})").code() == "parse-failed");
}

TEST_CASE("Statements of the metadata API name all with a schema", "[metadata]") {
  const auto* const request = GENERATE(
      R"({"type":"track_table","args":{"table":"orders","configuration":{},"is_enum":false}})",
      R"({"type":"set_table_customization","args":{"table":"orders","configuration":{"custom_name":"o"}}})",
      R"({"type":"set_table_custom_fields","args":{"table":"orders","custom_root_fields":{},"custom_column_names":{}}})",
      R"({"type":"track_function","args":{"function":"f","configuration":{}}})",
      R"({"type":"add_computed_field","args":{"table":"orders","name":"c","definition":{"function":"f"}}})",
      R"({"type":"create_array_relationship","args":{"table":"orders","name":"r","using":{"manual_configuration":
          {"remote_table":"items","column_mapping":{"order_id":"order_id"}}}}})",
      R"({"type":"create_select_permission","args":{"table":"orders","role":"r","permission":{"columns":"*","filter":{}}}})",
      R"({"type":"add_inherited_role","args":{"role_name":"a","role_set":["b"]}})",
      R"({"type":"create_event_trigger","args":{"name":"a","table":"t","webhook":"http://x","insert":{"columns":"*"}}})",
      R"({"type":"delete_event_trigger","args":{"name":"a"}})",
      R"({"type":"invoke_event_trigger","args":{"name":"a","payload":{}}})",
      R"({"type":"redeliver_event","args":{"event_id":"00000000-0000-4000-8000-000000000000"}})",
      R"({"type":"create_cron_trigger","args":{"name":"a","webhook":"http://x","schedule":"* * * * *"}})",
      R"({"type":"create_scheduled_event","args":{"webhook":"http://x","schedule_at":"2100-01-01T00:00:00Z"}})",
      R"({"type":"insert","args":{"table":"orders","objects":[{"order_id":"1"},{}],"returning":["order_id"]}})",
      R"({"type":"select","args":{"table":"orders","columns":["order_id"],"where":{"user_id":{"$like":"a%"}}}})",
      R"({"type":"count","args":{"table":"orders"}})",
      R"({"type":"update","args":{"table":"orders","where":{"user_id":"a"},"$set":{"user_id":"b"}}})",
      R"({"type":"delete","args":{"table":"orders","where":{"user_id":"a"}}})");
  for (const Command& command : Parse(request).commands)
    for (const auto& statement : command.statements) {
      CAPTURE(statement.text);
      CHECK(threefactor::qualified::FindUnqualified(statement.text) == "");
    }
}
