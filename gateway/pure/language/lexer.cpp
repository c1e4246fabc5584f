#include "language/lexer.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/characters.hpp"
#include "language/characters.hpp"
#include "language/syntax_error.hpp"

namespace threefactor::language {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTripleQuote = "\"\"\"";

}  // namespace

Lexer::Lexer(std::string_view source, const Limits& limits)
    : source_(source), tokens_left_(limits.tokens), token_limit_(limits.tokens) {
  const std::size_t largest = std::min<std::size_t>(limits.document_bytes, std::numeric_limits<std::uint32_t>::max());
  if (source.size() > largest) {
    ThrowLimitExceeded(fmt::format("the document is larger than {} bytes", largest));
  }
  const std::size_t invalid = FindInvalidUtf8(source);
  if (invalid != std::string_view::npos) ThrowSyntaxError(source, invalid, "text in UTF-8");
}

Token Lexer::Next() {
  SkipIgnored();
  if (position_ == source_.size()) return {Token::Kind::kEnd, {}, static_cast<std::uint32_t>(position_), false};
  if (tokens_left_-- == 0) ThrowLimitExceeded(fmt::format("the document has more than {} tokens", token_limit_));

  const char first = source_[position_];
  if (IsNameStart(first)) {
    std::size_t end = position_ + 1;
    while (end < source_.size() && IsNameContinue(source_[end])) ++end;
    return Take(Token::Kind::kName, end - position_);
  }
  switch (first) {
    case '!':
    case '$':
    case '&':
    case '(':
    case ')':
    case ':':
    case '=':
    case '@':
    case '[':
    case ']':
    case '{':
    case '|':
    case '}':
      return Take(Token::Kind::kPunctuator, 1);
    case '.':
      if (source_.substr(position_, 3) == "...") return Take(Token::Kind::kPunctuator, 3);
      break;
    case '"':
      return source_.substr(position_, 3) == kTripleQuote ? TakeBlockString() : TakeString();
    default:
      if (first == '-' || IsDigit(first)) return TakeNumber();
  }
  ThrowSyntaxError(source_, position_, "a token");
}

void Lexer::SkipIgnored() {
  while (position_ < source_.size()) {
    switch (source_[position_]) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
      case ',':
        ++position_;
        break;
      case '#':
        while (position_ < source_.size() && !IsLineTerminator(source_[position_])) ++position_;
        break;
      case kByteOrderMark.front():
        if (source_.substr(position_, kByteOrderMark.size()) != kByteOrderMark) return;
        position_ += kByteOrderMark.size();
        break;
      default:
        return;
    }
  }
}

Token Lexer::Take(Token::Kind kind, std::size_t length) {
  const Token token{kind, source_.substr(position_, length), static_cast<std::uint32_t>(position_), false};
  position_ += length;
  return token;
}

Token Lexer::TakeNumber() {
  std::size_t end = position_;
  const auto at = [&](std::size_t i) { return i < source_.size() ? source_[i] : '\0'; };
  const auto skip_digits = [&] {
    if (!IsDigit(at(end))) ThrowSyntaxError(source_, end, "a digit");
    while (IsDigit(at(end))) ++end;
  };
  auto kind = Token::Kind::kInt;
  if (at(end) == '-') ++end;
  if (at(end) == '0') {
    ++end;
  } else {
    skip_digits();
  }
  if (at(end) == '.') {
    kind = Token::Kind::kFloat;
    ++end;
    skip_digits();
  }
  if (at(end) == 'e' || at(end) == 'E') {
    kind = Token::Kind::kFloat;
    ++end;
    if (at(end) == '+' || at(end) == '-') ++end;
    skip_digits();
  }
  // 0123, 1a and 1.5.2 are not two tokens but a mistake.
  if (IsNameContinue(at(end)) || at(end) == '.') ThrowSyntaxError(source_, end, "the end of the number");
  return Take(kind, end - position_);
}

Token Lexer::TakeString() {
  const std::size_t start = position_ + 1;
  bool has_escapes = false;
  for (std::size_t end = start; end < source_.size() && !IsLineTerminator(source_[end]); ++end) {
    if (source_[end] == '"') {
      const Token token{Token::Kind::kString, source_.substr(start, end - start), static_cast<std::uint32_t>(position_),
                        has_escapes};
      position_ = end + 1;
      return token;
    }
    if (source_[end] == '\\') {
      has_escapes = true;
      if (end + 1 < source_.size() && !IsLineTerminator(source_[end + 1])) ++end;
    }
  }
  ThrowSyntaxError(source_, position_, "the closing quote of the string");
}

Token Lexer::TakeBlockString() {
  const std::size_t start = position_ + kTripleQuote.size();
  for (std::size_t end = source_.find(kTripleQuote, start); end != std::string_view::npos;
       end = source_.find(kTripleQuote, end)) {
    if (end > start && source_[end - 1] == '\\') {
      end += kTripleQuote.size();
      continue;
    }
    const Token token{Token::Kind::kBlockString, source_.substr(start, end - start),
                      static_cast<std::uint32_t>(position_), false};
    position_ = end + kTripleQuote.size();
    return token;
  }
  ThrowSyntaxError(source_, position_, "the closing quotes of the block string");
}

}  // namespace threefactor::language
