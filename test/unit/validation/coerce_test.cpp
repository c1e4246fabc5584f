// Arguments, values and variables.
#include <catch2/catch.hpp>

#include "unit/support/validate.hpp"

using namespace threefactor;
using test::Failure;
using test::Validate;
using validation::Value;

namespace {

// The value as text: objects and lists in GraphQL's notation, scalars in angle brackets.
std::string Show(const Value& value) {
  std::string text;
  switch (value.kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kScalar:
      return "<" + value.text + ">";
    case Value::Kind::kEnum:
      return value.enum_value->name;
    case Value::Kind::kList:
      for (const Value& item : value.items) text += (text.empty() ? "" : " ") + Show(item);
      return "[" + text + "]";
    case Value::Kind::kObject:
      for (const auto& entry : value.entries) {
        text += (text.empty() ? "" : " ") + entry.field->name + ":" + Show(entry.value);
      }
      return "{" + text + "}";
  }
  return text;
}

std::string ShowArguments(std::string_view text, const test::Question& question = {}) {
  std::string shown;
  const auto operation = Validate(text, question);
  for (const auto& entry : operation.selections.at(0).arguments) {
    shown += (shown.empty() ? "" : " ") + entry.field->name + ":" + Show(entry.value);
  }
  return shown;
}

std::string Orders(std::string_view arguments) {
  return "{ orders(" + std::string(arguments) + ") { order_id } }";
}

std::string OrdersWith(std::string_view definitions, std::string_view arguments) {
  return "query (" + std::string(definitions) + ") { orders(" + std::string(arguments) + ") { order_id } }";
}

std::string InsertWith(std::string_view definitions, std::string_view object) {
  return "mutation " + (definitions.empty() ? "" : "(" + std::string(definitions) + ")") +
         " { insert_orders_one(object: " + std::string(object) + ") { order_id } }";
}

const std::string kWhere = "validation-failed $.selectionSet.orders.args.where";
const std::string kNotRead = "parse-failed $.selectionSet.orders.args.where";
}  // namespace

TEST_CASE("Values are bound to what they mean") {
  const auto operation = Validate(Orders("where: {items: {item: {_eq: \"x\"}}}, order_by: {created: desc}"));
  const auto& arguments = operation.selections[0].arguments;
  REQUIRE(arguments.size() == 2);
  CHECK(Show(arguments[0].value) == "{items:{item:{_eq:<x>}}}");
  CHECK(arguments[0].value.entries[0].field->relationship->name == "items");
  CHECK(arguments[0].value.entries[0].value.entries[0].field->column->name == "item");
  CHECK(arguments[0].value.entries[0].value.entries[0].value.entries[0].value.path ==
        "$.selectionSet.orders.args.where.items.item._eq");
  CHECK(Show(arguments[1].value) == "[{created:desc}]");
  CHECK(arguments[1].value.items[0].entries[0].value.enum_value->name == "desc");
}

TEST_CASE("Arguments and fields that do not exist, or are missing") {
  CHECK(Failure(Orders("x: 1")) == "validation-failed $.selectionSet.orders: \"orders\" has no argument named \"x\"");
  CHECK(Failure(Orders("limit: 1, limit: 1")) ==
        "validation-failed $.selectionSet.orders.args.limit: argument \"limit\" is given more than once");
  CHECK(Failure(Orders("where: {x: {}}")) == kWhere + ".x: field \"x\" not found in type: 'orders_bool_exp'");
  CHECK(Failure(Orders("where: {user_id: {_ne: \"a\"}}")) ==
        kWhere + ".user_id._ne: field \"_ne\" not found in type: 'String_comparison_exp'");
  CHECK(Failure(Orders("where: {user_id: {_eq: \"a\", _eq: \"b\"}}")) ==
        kWhere + ".user_id._eq: field \"_eq\" is given more than once");
  CHECK(Failure("{ orders_by_pk { user_id } }") ==
        "validation-failed $.selectionSet.orders_by_pk.args.order_id: missing required field \"order_id\"");
  CHECK(Failure("mutation { update_orders_by_pk(pk_columns: {}, _set: {}) { user_id } }") ==
        "validation-failed $.selectionSet.update_orders_by_pk.args.pk_columns.order_id: missing required field "
        "\"order_id\"");
  CHECK(Failure("query ($w: orders_bool_exp) { orders(where: $w) { order_id } }",
                {.variables = R"({"w": {"not a name": 1}})"}) ==
        kWhere + ": variable value contains object with key \"not a name\", which is not a legal GraphQL name");
}

TEST_CASE("What null means depends on its place") {
  CHECK(ShowArguments(Orders("where: null, limit: null, offset: null, order_by: null, distinct_on: null")).empty());
  CHECK(ShowArguments(OrdersWith("$l: Int! = 1, $w: orders_bool_exp", "limit: $l, where: $w"),
                      {.variables = R"({"l": null, "w": null})"})
            .empty());
  CHECK(ShowArguments(Orders("order_by: {created: null, total: asc}")) == "order_by:[{total:asc}]");
  CHECK(ShowArguments(InsertWith("", "{payment_valid: null, user_id: \"u\", details: null}")) ==
        "object:{payment_valid:null user_id:<u> details:null}");

  CHECK(Failure(Orders("where: {restaurant_id: {_eq: null}}")) ==
        kWhere + ".restaurant_id._eq: unexpected null value for type \"Int\"");
  CHECK(Failure(Orders("where: {restaurant_id: {_in: [1, null]}}")) ==
        kWhere + ".restaurant_id._in[1]: unexpected null value for type \"Int\"");
  CHECK(Failure(Orders("where: {restaurant_id: null}")) ==
        kWhere + ".restaurant_id: expected an object for type \"Int_comparison_exp\", but found null");
  CHECK(Failure(Orders("where: {_and: null}")) == kWhere + "._and: expected a list, but found null");
  CHECK(Failure(Orders("where: {_not: null}")) ==
        kWhere + "._not: expected an object for type \"orders_bool_exp\", but found null");
  CHECK(Failure("mutation { update_orders(where: null, _set: {user_id: \"\"}) { affected_rows } }") ==
        "validation-failed $.selectionSet.update_orders.args.where: expected an object for type \"orders_bool_exp\", "
        "but found null");
  CHECK(Failure("{ orders_by_pk(order_id: null) { user_id } }") ==
        "validation-failed $.selectionSet.orders_by_pk.args.order_id: unexpected null value for type \"String\"");
  CHECK(Failure("mutation ($id: Int!) { update_items(where: {id: {_eq: $id}}, _set: {item: \"\"}) { affected_rows } }",
                {.variables = R"({"id": null})"}) ==
        "validation-failed $.selectionSet.update_items.args.where.id._eq: unexpected null value for type \"Int\"");
}

TEST_CASE("An absent variable never widens a filter") {
  CHECK(Failure(OrdersWith("$id: String", "where: {order_id: {_eq: $id}}")) ==
        kWhere + ".order_id._eq: unexpected null value for type \"String\"");
  CHECK(Failure(OrdersWith("$c: String_comparison_exp", "where: {order_id: $c}")) ==
        kWhere + ".order_id: expected an object for type \"String_comparison_exp\", but found null");
  CHECK(ShowArguments(InsertWith("$u: String", "{user_id: $u, order_id: \"o\"}")) == "object:{order_id:<o>}");
  CHECK(ShowArguments(OrdersWith("$l: Int", "limit: $l")).empty());
}

TEST_CASE("A single value stands for a list of one") {
  CHECK(ShowArguments(Orders("where: {_or: {total: {_gt: 1}}, restaurant_id: {_in: 5}}, distinct_on: total")) ==
        "where:{_or:[{total:{_gt:<1>}}] restaurant_id:{_in:[<5>]}} distinct_on:[total]");
  CHECK(ShowArguments("mutation ($o: [orders_insert_input!]!) { insert_orders(objects: $o) { affected_rows } }",
                      {.variables = R"({"o": {"user_id": "u"}})"}) == "objects:[{user_id:<u>}]");
  CHECK(ShowArguments(Orders("where: {restaurant_id: {_in: []}}")) == "where:{restaurant_id:{_in:[]}}");
}

TEST_CASE("Columns of arrays take a list or Postgres' literal") {
  CHECK(ShowArguments(InsertWith("", "{tags: [\"a\", \"b\"]}")) == "object:{tags:[<a> <b>]}");
  CHECK(ShowArguments(InsertWith("", "{tags: \"{a,b}\"}")) == "object:{tags:<{a,b}>}");
  CHECK(ShowArguments(Orders("where: {tags: {_contains: [\"a\"], _in: [\"{a}\", [\"b\"]]}}")) ==
        "where:{tags:{_contains:[<a>] _in:[<{a}> [<b>]]}}");
  CHECK(ShowArguments(InsertWith("", "{tags: [[\"a\", null], [\"b\", \"c\"]]}")) ==
        "object:{tags:[[<a> null] [<b> <c>]]}");
}

TEST_CASE("limit and offset") {
  const std::string limit =
      "validation-failed $.selectionSet.orders.args.limit: expected a non-negative 32-bit integer "
      "for type \"Int\", but found ";
  CHECK(Failure(Orders("limit: -1")) == limit + "an integer");
  CHECK(Failure(Orders("limit: 3000000000")) ==
        "parse-failed $.selectionSet.orders.args.limit: The value 3.0e9 lies outside the bounds or is not an integer. "
        "Maybe it is a float, or is there integer overflow?");
  CHECK(Failure(Orders("limit: \"1\"")) == limit + "a string");
  CHECK(Failure(OrdersWith("$l: Int", "limit: $l"), {.variables = R"({"l": -1})"}) == limit + "a number");
  CHECK(ShowArguments(Orders("limit: 2147483647, offset: \"3000000000\"")) == "limit:<2147483647> offset:<3000000000>");
  CHECK(Failure(Orders("offset: \"x\"")) ==
        "validation-failed $.selectionSet.orders.args.offset: expected a 32-bit integer, or a 64-bit integer "
        "represented as a string for type \"Int\", but found a string");
  CHECK(ShowArguments(OrdersWith("$o: Int", "offset: $o"), {.variables = R"({"o": 3e9})"}) == "offset:<3000000000>");
  CHECK(ShowArguments(Orders("offset: -1")) == "offset:<-1>");
}

TEST_CASE("Scalars of columns") {
  CHECK(ShowArguments(Orders("where: {restaurant_id: {_eq: \"5\"}, payment_valid: {_eq: \"t\"}, created: {_gt: "
                             "\"2020-01-01\"}}")) ==
        "where:{restaurant_id:{_eq:<5>} payment_valid:{_eq:<t>} created:{_gt:<2020-01-01>}}");
  CHECK(ShowArguments(Orders("where: {total: {_eq: 123456789012345678901234567890.10}}")) ==
        "where:{total:{_eq:<123456789012345678901234567890.10>}}");
  CHECK(ShowArguments(
            OrdersWith("$a: numeric, $b: numeric, $c: numeric!", "where: {total: {_eq: $a, _gt: $b, _in: [$c]}}"),
            {.variables = R"({"a": 18446744073709551615, "b": 0.1, "c": "1.10"})"}) ==
        "where:{total:{_eq:<18446744073709551615> _gt:<0.1> _in:[<1.10>]}}");
  CHECK(ShowArguments(Orders("where: {restaurant_id: {_eq: 1e3}}")) == "where:{restaurant_id:{_eq:<1000>}}");

  CHECK(Failure(Orders("where: {restaurant_id: {_eq: 2147483648}}")) ==
        "parse-failed $.selectionSet.orders.args.where.restaurant_id._eq: The value 2.147483648e9 lies outside the "
        "bounds or is not an integer. Maybe it is a float, or is there integer overflow?");
  CHECK(Failure(OrdersWith("$i: Int", "where: {restaurant_id: {_eq: $i}}"), {.variables = R"({"i": 1.5})"}) ==
        "parse-failed $.selectionSet.orders.args.where.restaurant_id._eq: The value 1.5 lies outside the bounds or is "
        "not an integer. Maybe it is a float, or is there integer overflow?");
  CHECK(Failure(Orders("where: {restaurant_id: {_eq: true}}")) ==
        kNotRead +
            ".restaurant_id._eq: parsing Integer expected for input type: PGInteger failed, expected Number, "
            "but encountered Boolean");
  CHECK(Failure(Orders("where: {user_id: {_eq: 5}}")) ==
        kNotRead + ".user_id._eq: parsing Text failed, expected String, but encountered Number");
  CHECK(Failure(Orders("where: {created: {_eq: 5}}")) ==
        kNotRead + ".created._eq: parsing UTCTime failed, expected String, but encountered Number");
  CHECK(Failure(Orders("where: {payment_valid: {_eq: 1}}")) ==
        kNotRead + ".payment_valid._eq: expected Bool, but encountered Number");
  CHECK(ShowArguments(Orders("where: {user_id: {_eq: bare}}")) == "where:{user_id:{_eq:<bare>}}");
  CHECK(Failure(Orders("where: {total: {_eq: [1]}}")) ==
        kNotRead + ".total._eq: parsing Scientific failed, expected Number, but encountered Array");
  CHECK(Failure(Orders("where: {user_id: {_is_null: \"true\"}}")) ==
        kWhere + ".user_id._is_null: expected a boolean for type \"Boolean\", but found a string");
  CHECK(Failure(Orders("where: {user_id: {_eq: \"a\\u0000b\"}}")) ==
        kWhere + ".user_id._eq: a string may not contain the character U+0000");
  CHECK(Failure(Orders("where: [1]")) ==
        kWhere + ": expected an object for type \"orders_bool_exp\", but found a list");
}

TEST_CASE("json takes any literal, with variables inside") {
  CHECK(ShowArguments(InsertWith("", R"({details: {a: [1, 2.50, true, null, RED, "x\"y"], b: {}}})")) ==
        R"(object:{details:<{"a":[1,2.50,true,null,"RED","x\"y"],"b":{}}>})");
  CHECK(ShowArguments(
            InsertWith("$v: jsonb, $n: Int = 3, $absent: Int", "{details: [{header: $v, n: $n, x: $absent}]}"),
            {.variables = R"({"v": "X-HEADER"})"}) == R"(object:{details:<[{"header":"X-HEADER","n":3,"x":null}]>})");
  CHECK(
      ShowArguments(InsertWith("$v: jsonb", "{details: $v}"), {.variables = R"({"v": {"1": 2, "2": [3.5, "{}"]}})"}) ==
      R"(object:{details:<{"1":2,"2":[3.5,"{}"]}>})");
  CHECK(ShowArguments(InsertWith("", "{details: \"text\"}")) == R"(object:{details:<"text">})");
  CHECK(ShowArguments(Orders("where: {details: {_has_key: \"a\", _has_keys_any: [\"b\"], _contains: {c: 1}}}")) ==
        R"(where:{details:{_has_key:<a> _has_keys_any:[<b>] _contains:<{"c":1}>}})");

  const std::string deep = std::string(1000, '[') + std::string(1000, ']');  // deeper than documents may be
  CHECK(ShowArguments(InsertWith("$v: jsonb", "{details: $v}"), {.variables = R"({"v":)" + deep + "}"}) ==
        "object:{details:<" + deep + ">}");
}

TEST_CASE("Every digit of a number arrives, whatever its type and its way") {
  for (const std::string number : {"12345678901234567890.5", "-9223372036854775809", "123456789012345678.5", "1.10",
                                   "1E400", "-0", "0e40", "12345678901234567890123", "1.0000000000000000000000001"}) {
    CAPTURE(number);
    const std::string object = R"({"v":{"total":)" + number + R"(,"details":{"a":[)" + number + "]}}}";
    CHECK(ShowArguments("mutation($v: orders_insert_input!) { insert_orders_one(object: $v) { order_id } }",
                        {.variables = object}) ==
          "object:{total:<" + number + R"(> details:<{"a":[)" + number + "]}>}");
    CHECK(ShowArguments(InsertWith("", "{total: " + number + ", details: [" + number + "]}")) ==
          "object:{total:<" + number + "> details:<[" + number + "]>}");
    CHECK(ShowArguments(OrdersWith("$n: [numeric!]", "where: {total: {_in: $n}}"),
                        {.variables = R"({"n":[)" + number + "]}"}) == "where:{total:{_in:[<" + number + ">]}}");
  }
}

TEST_CASE("Enum values are names in the document and strings in variables") {
  CHECK(ShowArguments(OrdersWith("$o: [orders_order_by!], $c: [orders_select_column!] = [total]",
                                 "order_by: $o, distinct_on: $c"),
                      {.variables = R"({"o": [{"total": "asc"}, {"created": "desc"}]})"}) ==
        "order_by:[{total:asc} {created:desc}] distinct_on:[total]");
  CHECK(Failure(Orders("order_by: {total: \"asc\"}")) ==
        "validation-failed $.selectionSet.orders.args.order_by[0].total: expected an enum value for type \"order_by\", "
        "but "
        "found a string");
  CHECK(Failure(Orders("order_by: [{total: asc}, {total: up}]")) ==
        "validation-failed $.selectionSet.orders.args.order_by[1].total: expected one of the values asc, "
        "asc_nulls_first, asc_nulls_last, desc, desc_nulls_first, or desc_nulls_last for type \"order_by\", but found "
        "\"up\"");
}

TEST_CASE("Defaults are filled in") {
  CHECK(ShowArguments("mutation { insert_items_one(object: {}, on_conflict: {constraint: items_pkey}) { id } }") ==
        "object:{} on_conflict:{constraint:items_pkey update_columns:[]}");
  CHECK(ShowArguments(OrdersWith("$l: Int = 7", "limit: $l")) == "limit:<7>");
  CHECK(ShowArguments(OrdersWith("$l: Int = 7", "limit: $l"), {.variables = R"({"l": 8})"}) == "limit:<8>");
}

TEST_CASE("Variables are declared, and used as they are declared") {
  CHECK(Failure(Orders("limit: $l")) == "validation-failed $: unbound variable \"l\"");
  CHECK(Failure(Orders("where: {details: {_eq: [$x]}}")) == "validation-failed $: unbound variable \"x\"");
  CHECK(Failure(OrdersWith("$l: Int, $l: Int", "limit: $l")) ==
        "parse-failed $: multiple definitions for variable \"l\"");
  CHECK(Failure(OrdersWith("$l: Nothing", "limit: $l")) ==
        "validation-failed $: no such type exists in the schema: 'Nothing' (variable \"l\")");
  CHECK(Failure(OrdersWith("$l: orders", "limit: $l")) ==
        "validation-failed $: variable \"l\" is declared as orders, which is not an input type");
  CHECK(
      Failure(OrdersWith("$l: String", "limit: $l")) ==
      "validation-failed $.selectionSet.orders.args.limit: variable \"l\" is declared as String, but used where Int is "
      "expected");
  CHECK(Failure(OrdersWith("$i: [String]", "where: {restaurant_id: {_in: $i}}")) ==
        kWhere + ".restaurant_id._in: variable \"i\" is declared as [String], but used where [Int!] is expected");
  CHECK(Failure(OrdersWith("$i: Int", "where: {restaurant_id: {_in: [$i]}}"), {.variables = R"({"i": 1})"}) ==
        kWhere + ".restaurant_id._in[0]: variable \"i\" is declared as Int, but used where Int! is expected");
  CHECK(Failure("query ($id: String) { orders_by_pk(order_id: $id) { user_id } }") ==
        "validation-failed $.selectionSet.orders_by_pk.args.order_id: variable \"id\" is declared as String, but used "
        "where String! is expected");
  CHECK(Failure("query ($id: String = \"a\") { orders_by_pk(order_id: $id) { user_id } }") == "none");
  CHECK(Failure(OrdersWith("$i: [Int!]!", "where: {restaurant_id: {_in: $i}}"), {.variables = R"({"i": [1]})"}) ==
        "none");
}

TEST_CASE("Items of a list may be null by the type of a variable, not by its value") {
  const std::string read = OrdersWith("$i: [Int]", "where: {restaurant_id: {_in: $i}}");
  CHECK(Failure(read, {.variables = R"({"i": [1, 2]})"}) == "none");
  CHECK(Failure(read, {.variables = R"({"i": [1, null]})"}) ==
        kWhere + ".restaurant_id._in[1]: unexpected null value for type \"Int\"");
  CHECK(Failure(read, {.variables = R"({"i": null})"}) ==
        kWhere + ".restaurant_id._in: expected a list, but found null");
  const std::string insert = "mutation ($o: [items_insert_input]!) { insert_items(objects: $o) { affected_rows } }";
  CHECK(Failure(insert, {.variables = R"({"o": [{}]})"}) == "none");
  CHECK(Failure(insert, {.variables = R"({"o": [{}, null]})"}) ==
        "validation-failed $.selectionSet.insert_items.args.objects[1]: expected an object for type "
        "\"items_insert_input\", but found null");
  CHECK(Failure("mutation ($o: [items_insert_input!]) { insert_items(objects: $o) { affected_rows } }",
                {.variables = R"({"o": []})"}) ==
        "validation-failed $.selectionSet.insert_items.args.objects: variable \"o\" is declared as "
        "[items_insert_input!], but used where [items_insert_input!]! is expected");
}

TEST_CASE("A null never widens what a write touches") {
  const std::string where = "validation-failed $.selectionSet.insert_items_one.args.on_conflict.where: ";
  const std::string message = where + "expected an object for type \"items_bool_exp\", but found null";
  CHECK(
      Failure("mutation { insert_items_one(object: {}, on_conflict: {constraint: items_pkey, where: null}) { id } }") ==
      message);
  const std::string by_variable =
      "mutation ($w: items_bool_exp) { insert_items_one(object: {}, on_conflict: {constraint: items_pkey, where: $w}) "
      "{ id } }";
  CHECK(Failure(by_variable) == message);
  CHECK(Failure(by_variable, {.variables = R"({"w": null})"}) == message);
  CHECK(Failure(by_variable, {.variables = R"({"w": {}})"}) == "none");
}

TEST_CASE("Values of variables are checked, used or not") {
  CHECK(Failure(OrdersWith("$l: Int", "limit: $l"), {.variables = R"({"l": 1, "x": 2, "y": 3})"}) ==
        "validation-failed $: unexpected variables in variableValues: x, y");
  CHECK(Failure("query ($id: Int!) { __typename }") ==
        "validation-failed $: expecting a value for non-nullable variable: \"id\"");
  CHECK(Failure("query ($id: Int!) { __typename }", {.variables = R"({"id": null})"}) ==
        "validation-failed $: unexpected null value for type \"Int\"");
  CHECK(Failure("query ($id: Int! = 1) { __typename }", {.variables = R"({"id": null})"}) == "none");
  CHECK(Failure("query ($id: Int) { __typename }", {.variables = R"({"id": {}})"}) ==
        "parse-failed $: parsing Integer expected for input type: PGInteger failed, expected Number, but encountered "
        "Object");
  CHECK(Failure("query ($id: Int) { __typename }", {.variables = R"({"id": 5})"}) == "none");
  CHECK(Failure("query ($w: orders_bool_exp) { __typename }", {.variables = R"({"w": {"x": 1}})"}) ==
        "validation-failed $.x: field \"x\" not found in type: 'orders_bool_exp'");
}
