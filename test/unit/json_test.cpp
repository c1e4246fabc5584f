#include "json.hpp"

#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include "error.hpp"

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

}  // namespace

TEST_CASE("integers of 64 bits are kept as they are") {
  CHECK(ParseJson("0", "it").GetInt() == 0);
  CHECK(ParseJson("-0", "it").GetInt() == 0);
  CHECK(ParseJson("-2147483648", "it").GetInt() == -2147483647 - 1);
  CHECK_FALSE(ParseJson("2147483648", "it").IsInt());
  CHECK(ParseJson("-9223372036854775808", "it").GetInt64() == INT64_MIN);
  CHECK(ParseJson("18446744073709551615", "it").GetUint64() == UINT64_MAX);
  CHECK_FALSE(ParseJson("1.0", "it").IsInt64());
}

TEST_CASE("any other number is the double next to it") {
  for (const char* text :
       {"0.1", "-1.5e-7", "0e40", "-0e308", "0.000e200", "0e-400", "1e-400", "4.9e-324", "2.2250738585072011e-308",
        "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890", "1.7976931348623157e308",
        "9007199254740993.0000000000000000000000000001"}) {
    INFO(text);
    CHECK(ParseJson(text, "it").GetDouble() == std::strtod(text, nullptr));
  }
}

TEST_CASE("numbers inside of values, and what is no JSON") {
  const rapidjson::Document document = ParseJson(R"({"a": [1, {"b": -2.5}], "c": "1"})", "it");
  CHECK(document["a"][0].GetInt() == 1);
  CHECK(document["a"][1]["b"].GetDouble() == -2.5);
  CHECK(document["c"].IsString());
  CHECK(Refusal("[1e400]") == "invalid-json: it is not valid JSON: Number too big to be stored in double. At byte 1.");
  CHECK(Refusal("[1.7976931348623159e308]").find("Number too big to be stored in double.") != std::string::npos);
  CHECK(Refusal("[01]").find("invalid-json") == 0);
  CHECK(Refusal("[1.]").find("invalid-json") == 0);
  CHECK(Refusal("[-]").find("invalid-json") == 0);
  CHECK(Refusal("") != "");
  CHECK(Refusal("{} {}") != "");
  CHECK(Refusal("\"\xff\"") != "");
  CHECK(Refusal("\"\\ud800\"") != "");
  CHECK(ParseJson(std::string(1'000'000, '[') + std::string(1'000'000, ']'), "it").IsArray());
}
