#include "language/string_value.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using threefactor::Error;
using threefactor::language::DecodeBlockString;

namespace {

std::string Decode(std::string_view raw) {
  return threefactor::language::DecodeString(raw, raw);
}

}  // namespace

TEST_CASE("Escapes stand for their characters") {
  CHECK(Decode(R"(a\"b\\c\/d\b\f\n\r\t)") == "a\"b\\c/d\b\f\n\r\t");
  CHECK(Decode(R"(\u0041\u00e9\u20AC)") == "A\xC3\xA9\xE2\x82\xAC");
  CHECK(Decode(R"(\uD83C\uDF55)") == "\xF0\x9F\x8D\x95");
  CHECK(Decode(R"(\u{1F355}\u{41}\u{0000041}\u{10FFFF})") ==
        "\xF0\x9F\x8D\x95"
        "AA\xF4\x8F\xBF\xBF");
}

TEST_CASE("Escapes that stand for nothing are refused") {
  for (const char* wrong :
       {R"(\a)", R"(\u12)", R"(\u12G4)", R"(\u{})", R"(\u{110000})", R"(\u{D800})", R"(\u{41)", R"(\uD83C)",
        R"(\uD83Cx)", R"(\uD83C\n)", R"(\uD83C\u0041)", R"(\uDF55)", R"(\u{fffffffff})", R"(\u)", R"(\u{)"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(Decode(wrong), Error);
  }
}

TEST_CASE("A block string loses the indent its lines share and the blank lines around") {
  CHECK(DecodeBlockString("\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  ") ==
        "Hello,\n  World!\n\nYours,\n  GraphQL.");
  CHECK(DecodeBlockString("  first\n    second\r\n   third\r  fourth") == "  first\n  second\n third\nfourth");
  CHECK(DecodeBlockString("") == "");
  CHECK(DecodeBlockString(" \n\t\n ") == "");
  CHECK(DecodeBlockString("a \\\"\"\" b \\n") == "a \"\"\" b \\n");
}
