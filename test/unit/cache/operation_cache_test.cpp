// Whatever is in the cache, Compile answers as it does without one.
#include <random>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "pipeline/pipeline.hpp"
#include "unit/support/catalog.hpp"

namespace threefactor {

namespace {

std::shared_ptr<const schema::Schema> Orders() {
  static const auto schema = test::BuildSchemaOf(test::OrdersCatalog());
  return schema;
}

std::string Describe(const sql::Compiled& compiled) {
  std::string text = std::to_string(static_cast<int>(compiled.kind));
  for (const sql::Statement& statement : compiled.statements) {
    text += '\n' + statement.text + " | " + statement.error_path + " | " + statement.empty_result;
    for (const auto& parameter : statement.parameters) text += "\n  " + parameter.value_or("NULL");
  }
  for (const sql::Part& part : compiled.parts)
    text += '\n' + part.text + '#' + std::to_string(part.statement) + '.' + std::to_string(part.column);
  return text;
}

std::string Answer(const std::string& document, const std::string& variables, cache::OperationCache& cache) {
  const JsonDocument json = ParseJson(variables, "variables");
  const Request request{document, "", json.root().IsObject() ? &json.root() : nullptr};
  try {
    return Describe(*Compile(Orders(), request, {}, cache));
  } catch (const Error& error) {
    return ToResponseBody(error);
  }
}

std::string Fresh(const std::string& document, const std::string& variables) {
  cache::OperationCache none(0);
  return Answer(document, variables, none);
}

// A document, and for each variable the values to choose from.
struct Sample {
  std::string document;
  std::vector<std::pair<std::string, std::vector<std::string>>> variables;
};

const std::vector<Sample>& Samples() {
  static const std::vector<std::string> kTexts = {R"("a")", R"("b c")", R"("")", "null", "7", R"(["a"])", "{}"};
  static const std::vector<std::string> kNumbers = {"1",
                                                    "2",
                                                    "1.0",
                                                    "-1",
                                                    "null",
                                                    R"("3")",
                                                    "9007199254740993",
                                                    "1e3",
                                                    "1.00",
                                                    "12345678901234567890",
                                                    "12345678901234567890.5"};
  static const std::vector<std::string> kBooleans = {"true", "false", "null", R"("true")"};
  static const std::vector<Sample> samples = {
      {"query($id: String!) { orders_by_pk(order_id: $id) { order_id total } }", {{"id", kTexts}}},
      {"query($l: Int, $o: Int) { orders(limit: $l, offset: $o, order_by: {created: desc}) { order_id } }",
       {{"l", kNumbers}, {"o", kNumbers}}},
      {"query($n: Int = 3) { a: orders(limit: $n) { order_id } b: orders(limit: $n, offset: $n) { order_id } }",
       {{"n", kNumbers}}},
      {"query($more: Boolean!, $not: Boolean!) { orders { order_id total @include(if: $more) tags @skip(if: $not) } }",
       {{"more", kBooleans}, {"not", kBooleans}}},
      {"query($where: orders_bool_exp) { orders(where: $where) { order_id } }",
       {{"where",
         {R"({"user_id": {"_eq": "u"}})",
          R"({"user_id": {"_eq": "v"}})",
          R"({"user_id": {"_neq": "u"}})",
          "{}",
          "null",
          R"({"_or": [{"total": {"_gt": 1}}, {"total": {"_gt": 2}}]})",
          R"({"_or": []})",
          R"({"_or": [{"total": {"_gt": 3}}, {"total": {"_gt": 4}}]})",
          R"({"payment_valid": {"_is_null": true}})",
          R"({"payment_valid": {"_is_null": false}})",
          R"({"order_id": {"_in": ["a"]}})",
          R"({"order_id": {"_in": []}})",
          R"({"order_id": {"_in": ["b", "c,d"]}})",
          R"({"order_id": {"_in": "e"}})",
          R"({"tags": {"_in": [["a"]]}})",
          R"({"tags": {"_in": [["b", "c"]]}})",
          R"({"details": {"_contains": {"a": 1}}})",
          R"({"details": {"_contains": {"a": [1, {}]}}})",
          R"({"details": {"_has_key": "k"}})",
          R"({"order_id": {"_eq": null}})",
          R"({"items": {"item": {"_like": "%"}}})"}}}},
      {"query($order: [orders_order_by!]) { orders(order_by: $order) { order_id } }",
       {{"order",
         {R"({"total": "asc"})", R"({"total": "desc"})", R"({"total": "asc", "created": "asc"})",
          R"({"created": "asc", "total": "asc"})", R"([{"total": "asc"}, {"created": "desc"}])", "[]", "null"}}}},
      {"query($path: String) { orders { details(path: $path) } }",
       {{"path", {R"("$.a")", R"("$.b")", R"("a[0]")", R"("$")", R"("..")", "null"}}}},
      {"query($a: String!, $b: String!) { orders(where: {order_id: {_in: [$a, $b, \"c\"]}, user_id: {_eq: $a}}) { "
       "order_id } }",
       {{"a", kTexts}, {"b", kTexts}}},
      {"query($v: jsonb) { orders(where: {details: {_contains: {a: $v}}}) { order_id } }",
       {{"v", {"1", "2", R"("x")", "null", "{}", R"({"y": [1]})"}}}},
      {"query($unused: Int) { orders { order_id } }", {{"unused", kNumbers}}},
      {"mutation($o: orders_insert_input!) { insert_orders_one(object: $o) { order_id } }",
       {{"o",
         {R"({"order_id": "a"})", R"({"order_id": "b"})", R"({"order_id": "a", "total": 1.50})",
          R"({"order_id": "a", "total": 1.5})", R"({"order_id": "a", "total": 12345678901234567890.5})",
          R"({"order_id": "a", "details": {"n": 1.0}})", R"({"order_id": "a", "details": {"n": 1}})",
          R"({"order_id": "a", "total": null})", R"({"total": 2, "order_id": "b"})", "{}", R"({"nothing": 1})",
          R"({"order_id": "c", "tags": ["x", null]})", R"({"order_id": "c", "tags": []})",
          R"({"order_id": "c", "tags": "{x}"})", R"({"order_id": "c\u0000"})"}}}},
      {"mutation($os: [orders_insert_input!]!) { insert_orders(objects: $os) { affected_rows } }",
       {{"os",
         {"[]", R"([{"order_id": "a"}])", R"([{"order_id": "b"}])", R"([{"order_id": "a"}, {"order_id": "b"}])",
          R"([{"order_id": "c"}, {"order_id": "d"}])", R"([{"order_id": "c"}, {"total": 1}])",
          R"({"order_id": "e"})"}}}},
      {"mutation($id: String!, $set: orders_set_input) { update_orders_by_pk(pk_columns: {order_id: $id}, _set: $set) "
       "{ order_id items { id } } }",
       {{"id", kTexts},
        {"set", {R"({"total": 1})", R"({"total": 2})", R"({"total": null})", "{}", R"({"user_id": "u"})"}}}},
      {"subscription($id: String!) { orders(where: {order_id: {_eq: $id}}) { total } }", {{"id", kTexts}}},
      {"query($deprecated: Boolean) { __type(name: \"orders\") { fields(includeDeprecated: $deprecated) { name } } }",
       {{"deprecated", kBooleans}}}};
  return samples;
}

std::string RandomVariables(const Sample& sample, std::mt19937& random) {
  std::string json = "{";
  for (const auto& [name, values] : sample.variables) {
    const std::size_t choice = random() % (values.size() + 1);
    if (choice == values.size()) continue;  // absent
    json += (json.size() > 1 ? ", \"" : "\"") + name + "\": " + values[choice];
  }
  return json + '}';
}

}  // namespace

TEST_CASE("The cache gives what compiling anew gives, errors included, whatever the variables are") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  cache::OperationCache cache(1 << 20);
  for (int i = 0; i < 4000; ++i) {
    const Sample& sample = Samples()[random() % Samples().size()];
    const std::string variables = RandomVariables(sample, random);
    CAPTURE(sample.document, variables);
    REQUIRE(Answer(sample.document, variables, cache) == Fresh(sample.document, variables));
  }
  CHECK(cache.hits() > cache.misses());
}

TEST_CASE("Values that are parameters do not make another operation; those that shape it do") {
  cache::OperationCache cache(1 << 20);
  const auto hits = [&](const std::string& document, const std::string& first, const std::string& second) {
    Answer(document, first, cache);
    const auto before = cache.hits();
    Answer(document, second, cache);
    return cache.hits() > before;
  };
  const std::string by_key = "query($id: String!) { orders_by_pk(order_id: $id) { total } }";
  CHECK(hits(by_key, R"({"id": "a"})", R"({"id": "b"})"));
  const std::string list = "query($ids: [String!]!) { orders(where: {order_id: {_in: $ids}}) { total } }";
  CHECK(hits(list, R"({"ids": ["a"]})", R"({"ids": ["b", "c", "d"]})"));
  const std::string insert = "mutation($o: orders_insert_input!) { insert_orders_one(object: $o) { total } }";
  CHECK(hits(insert, R"({"o": {"order_id": "a", "total": 1}})", R"({"o": {"order_id": "b", "total": 2.5}})"));
  CHECK_FALSE(hits(insert, R"({"o": {"order_id": "a"}})", R"({"o": {"user_id": "a"}})"));
  const std::string include = "query($i: Boolean!) { orders { order_id total @include(if: $i) } }";
  CHECK_FALSE(hits(include, R"({"i": true})", R"({"i": false})"));
  CHECK(hits(include, R"({"i": true})", R"({"i": true})"));
}

TEST_CASE("The cache keeps the operations of two roles apart, until a schema is no longer served") {
  cache::OperationCache cache(1 << 20);
  schema::Catalog catalog = test::OrdersCatalog();
  catalog.tables[0].columns[1].may_select = false;  // user_id
  const auto less = test::BuildSchemaOf(catalog);
  const Request request{"{ orders { user_id } }", "", nullptr};
  for (int i = 0; i < 2; ++i) {
    CHECK_NOTHROW(Compile(Orders(), request, {}, cache));
    CHECK_THROWS_AS(Compile(less, request, {}, cache), Error);
  }
  CHECK(cache.hits() == 1);
  Compile(less, Request{"{ orders { total } }", "", nullptr}, {}, cache);
  cache.KeepOnly([&](const schema::Schema& schema) { return &schema == Orders().get(); });
  Compile(Orders(), request, {}, cache);
  CHECK(cache.hits() == 2);
  Compile(less, Request{"{ orders { total } }", "", nullptr}, {}, cache);
  CHECK(cache.hits() == 2);
}

TEST_CASE("The cache stays within its bytes, and another schema has its own") {
  cache::OperationCache cache(20000);
  for (int i = 0; i < 200; ++i) Answer("{ orders(limit: " + std::to_string(i) + ") { order_id } }", "{}", cache);
  CHECK(cache.bytes() <= 20000);
  CHECK(cache.bytes() > 10000);
  const auto misses = cache.misses();
  Answer("{ orders(limit: 199) { order_id } }", "{}", cache);
  CHECK(cache.misses() == misses);
  const std::string document = "{ orders(limit: 199) { order_id } }";
  Compile(test::BuildSchemaOf(test::OrdersCatalog()), Request{document, "", nullptr}, {}, cache);
  CHECK(cache.misses() == misses + 1);
}

TEST_CASE("Operations of one document are told apart by their names") {
  cache::OperationCache cache(1 << 20);
  const std::string document = "query A { orders { order_id } } query B { orders { total } }";
  const auto compile = [&](std::string_view name) {
    return Describe(*Compile(Orders(), Request{document, name, nullptr}, {}, cache));
  };
  CHECK(compile("A") != compile("B"));
  CHECK(compile("A") == compile("A"));
}

}  // namespace threefactor
