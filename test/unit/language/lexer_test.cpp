#include "language/lexer.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "base/error.hpp"

using threefactor::Error;
using threefactor::Limits;
using threefactor::language::Lexer;
using threefactor::language::Token;

namespace {

std::vector<std::string> Texts(std::string_view source, const Limits& limits = {}) {
  std::vector<std::string> texts;
  Lexer lexer(source, limits);
  for (Token token = lexer.Next(); token.kind != Token::Kind::kEnd; token = lexer.Next()) {
    texts.emplace_back(token.text);
  }
  return texts;
}

bool IsRefused(std::string_view source) {
  try {
    Texts(source);
  } catch (const Error& error) {
    return error.code() == "validation-failed" && error.path() == "$.query" &&
           error.message() == "not a valid graphql query";
  }
  return false;
}

}  // namespace

TEST_CASE("Tokens are separated by what is ignored") {
  CHECK(Texts("\xEF\xBB\xBF{ a,b # comment ...\r\n\tc:d(e:$f)...@g[!]|&= }") ==
        std::vector<std::string>{"{", "a",   "b", "c", ":", "d", "(", "e", ":", "$", "f",
                                 ")", "...", "@", "g", "[", "!", "]", "|", "&", "=", "}"});
  CHECK(Texts("").empty());
  CHECK(Texts("# only a comment").empty());
}

TEST_CASE("Numbers follow the grammar") {
  const auto kind = [](std::string_view source) { return Lexer(source, {}).Next().kind; };
  for (const char* integer : {"0", "-0", "7", "-12", "12345678901234567890"}) {
    CAPTURE(integer);
    CHECK(kind(integer) == Token::Kind::kInt);
    CHECK(Texts(integer) == std::vector<std::string>{integer});
  }
  for (const char* fraction : {"0.5", "-1.25", "1e5", "1E+5", "1.5e-10", "0e0"}) {
    CAPTURE(fraction);
    CHECK(kind(fraction) == Token::Kind::kFloat);
    CHECK(Texts(fraction) == std::vector<std::string>{fraction});
  }
  for (const char* wrong : {"0123", "00", "1a", "1_", "1.", "1.a", ".5", "-", "-a", "+1", "1e", "1e+", "1.5.2", "0x1",
                            "1.5a", "1e5b", "1..."}) {
    CAPTURE(wrong);
    CHECK(IsRefused(wrong));
  }
}

TEST_CASE("Strings end on their line, block strings at three quotes") {
  CHECK(Texts(R"("a b" "" "\"" "\\")") == std::vector<std::string>{"a b", "", R"(\")", R"(\\)"});
  CHECK(Texts("\"\"\"a\nb\"\"\" \"\"\"\"\"\" \"\"\"x\\\"\"\"y\"\"\"") ==
        std::vector<std::string>{"a\nb", "", "x\\\"\"\"y"});
  for (const char* wrong :
       {"\"abc", "\"abc\nd\"", "\"abc\rd\"", "\"", "\"\\", "\"\\\n\"", "\"\"\"abc", "\"\"\"abc\\\"\"\"", "\"\"\""}) {
    CAPTURE(wrong);
    CHECK(IsRefused(wrong));
  }
}

TEST_CASE("What is no token is refused") {
  for (const char* wrong : {"?", "{ a; }", "..", "a . b", "'a'", "\\", "a\x01", "\x7F", "%", "caf\xC3\xA9"}) {
    CAPTURE(wrong);
    CHECK(IsRefused(wrong));
  }
}

TEST_CASE("A document is UTF-8") {
  CHECK(Texts("\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8D\x95\"") ==
        std::vector<std::string>{"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8D\x95"});
  for (const char* wrong : {"\"\xC3\"", "\"\xFF\"", "\"\xC0\x80\"", "\"\xE0\x80\x80\"", "\"\xED\xA0\x80\"",
                            "\"\xF4\x90\x80\x80\"", "\"\xF0\x80\x80\x80\"", "\"\x80\"", "# comment \xE2\x82"}) {
    CAPTURE(wrong);
    CHECK(IsRefused(wrong));
  }
}

TEST_CASE("Size and number of tokens are limited") {
  Limits limits;
  limits.tokens = 3;
  CHECK(Texts("a b c", limits).size() == 3);
  CHECK_THROWS_WITH(Texts("a b c d", limits), "the document has more than 3 tokens");
  limits.document_bytes = 4;
  CHECK_THROWS_WITH(Texts("a b c", limits), "the document is larger than 4 bytes");
}
