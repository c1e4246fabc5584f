// Text -> tokens, one at a time (GraphQL specification, section 2.1). Holds no memory of its own.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/limits.hpp"

namespace threefactor::language {

struct Token {
  enum class Kind { kEnd, kPunctuator, kName, kInt, kFloat, kString, kBlockString };
  Kind kind = Kind::kEnd;
  std::string_view text;  // of a string: what is between its quotes, escapes untouched
  std::uint32_t offset = 0;
  bool has_escapes = false;  // kString

  bool Is(Kind expected, std::string_view expected_text) const { return kind == expected && text == expected_text; }
};

class Lexer {
 public:
  // `source` must outlive the lexer. Throws Error when it is larger than the limit or not UTF-8.
  Lexer(std::string_view source, const Limits& limits);

  // After the last token: kEnd, each time. Throws Error on text that is no token and on too many tokens.
  Token Next();

 private:
  void SkipIgnored();
  Token Take(Token::Kind kind, std::size_t length);
  Token TakeNumber();
  Token TakeString();
  Token TakeBlockString();

  std::string_view source_;
  std::size_t position_ = 0;
  std::size_t tokens_left_;
  std::size_t token_limit_;
};

}  // namespace threefactor::language
