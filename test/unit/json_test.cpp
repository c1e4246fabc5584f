#include "base/json.hpp"

#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/json_builder.hpp"

using namespace threefactor;

namespace {

std::string Refusal(const std::string& text) {
  try {
    ParseJson(text, "it");
  } catch (const Error& error) {
    return error.code() + ": " + error.message();
  }
  return "";
}

std::string Nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

}  // namespace

TEST_CASE("a number is kept as the digits that were sent", "[json]") {
  for (const char* text :
       {"0", "-0", "-0.0", "0e40", "1.10", "1E+2", "1e400", "-1E-400", "12345678901234567890.5", "-9223372036854775809",
        "18446744073709551616", "123456789012345678.5", "9007199254740993.000",
        "0.1000000000000000055511151231257827021181583404541015625", "1e1000000000000000000000000", "-0.0E-0"}) {
    INFO(text);
    const JsonDocument document = ParseJson(text, "it");
    CHECK(document.root().IsNumber());
    CHECK(document.root().Text() == text);
    CHECK(WriteJson(document.root()) == text);
  }
}

TEST_CASE("what was parsed is written as it was, at any depth", "[json]") {
  for (const std::string text : {R"({"a":[1,{"b":-2.50}],"c":"1","d":true,"e":false,"f":null,"g":{},"h":[],"":""})",
                                 R"(["\u0000\"\\ä",12345678901234567890123])", R"({"a":1,"a":1.0})"}) {
    CHECK(WriteJson(ParseJson(text, "it").root()) == text);
  }
  const std::string digits(1000, '7');
  CHECK(ParseJson(" [" + digits + "." + digits + " ,1e5,\"\\\"2e3\",-4\t]\n", "it").root().Items()[0].Text() ==
        digits + "." + digits);
  CHECK(WriteJson(ParseJson("\xEF\xBB\xBF[1,\"\\\\\",2]", "it").root()) == "[1,\"\\\\\",2]");
  const JsonDocument document = ParseJson(R"({"a": [1, {"b": -2.5}], "c": "1", "c": 2})", "it");
  const Json& root = document.root();
  CHECK(root.Find("a")->Items()[1].Find("b")->Text() == "-2.5");
  CHECK(root.Find("c")->IsString());
  CHECK(root.Find("d") == nullptr);
  CHECK(root.RepeatedName()->Text() == "c");
  CHECK(root.Find("a")->Items()[1].RepeatedName() == nullptr);
  CHECK_THROWS_WITH(RefuseRepeated(root, "the request"), "the request has the key \"c\" twice");
}

TEST_CASE("what is no JSON, or nested too deep, is refused", "[json]") {
  for (const char* text : {"[01]", "[1.]",  "[-]",      "[+1]",        "[.5]",  "[0x1]",   "[1.5.2]",     "[1-2]",
                           "[1e]", "[1e+]", "[1E5.0]",  "[--1]",       "[1 2]", "[NaN]",   "[-Infinity]", "[Infinity]",
                           "",     "{} {}", "\"\xff\"", "\"\\ud800\"", "[1,]",  "{\"a\"}", "nul"}) {
    INFO(text);
    CHECK(Refusal(text).find("invalid-json: it is not valid JSON: ") == 0);
  }
  CHECK(Refusal(std::string("[1]\0[2]", 7)) != "");
  CHECK(WriteJson(ParseJson(Nested(kDeepestJson), "it").root()) == Nested(kDeepestJson));
  CHECK(Refusal(Nested(kDeepestJson + 1)) ==
        "invalid-json: it is not valid JSON: It is nested deeper than 2000 levels. At byte 2000.");
  CHECK(Refusal(Nested(1'000'000)).find("2000 levels") != std::string::npos);
}

TEST_CASE("A document that is built holds what it was built of", "[json]") {
  const threefactor::JsonDocument borrowed = threefactor::ParseJson(R"({"a":[1.50,"x"]})", "it");
  threefactor::JsonBuilder builder(1);
  const std::array items = {threefactor::JsonBuilder::Boolean(false), threefactor::Json(), builder.Number("-0"),
                            borrowed.root()};
  const std::array members = {builder.String("list"), builder.Array(items), builder.String(""), builder.String("")};
  const threefactor::JsonDocument built = builder.Take(builder.Object(members));
  CHECK(threefactor::WriteJson(built.root()) == R"({"list":[false,null,-0,{"a":[1.50,"x"]}],"":""})");
  CHECK(threefactor::WriteJson(*built.root().Find("list")) == R"([false,null,-0,{"a":[1.50,"x"]}])");
  threefactor::JsonBuilder empty(0);
  CHECK(threefactor::WriteJson(empty.Object({})) == "{}");
  CHECK(threefactor::WriteJson(empty.Array({})) == "[]");
}
