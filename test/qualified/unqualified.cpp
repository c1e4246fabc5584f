#include "qualified/unqualified.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace threefactor::qualified {

namespace {

struct Token {
  enum class Kind { kWord, kQuoted, kString, kNumber, kParameter, kOperator, kCast, kOther };
  Kind kind;
  std::string text;  // words in upper case
  std::size_t begin;
};
using Kind = Token::Kind;

constexpr std::string_view kOperatorCharacters = "+-*/<>=~!@#%^&|`?";

// Words that may stand before a parenthesis without being functions.
constexpr std::array kBeforeParenthesis = std::to_array<std::string_view>(
    {"SELECT", "FROM",   "WHERE",     "AND",      "OR",       "NOT",    "EXISTS", "VALUES",
     "ON",     "AS",     "ANY",       "COALESCE", "OPERATOR", "THEN",   "WHEN",   "ELSE",
     "OVER",   "HAVING", "RETURNING", "DISTINCT", "BY",       "OFFSET", "LIMIT",  "CHANGES"});
// What looks up an operator or function that it does not name.
constexpr std::array kForbidden = std::to_array<std::string_view>(
    {"LIKE", "ILIKE", "SIMILAR", "IN", "BETWEEN", "NULLIF", "USING", "NATURAL", "OVERLAPS", "CAST", "SOME"});
// The first word of a type that the grammar itself takes from pg_catalog.
constexpr std::array kGrammarTypes =
    std::to_array<std::string_view>({"SMALLINT", "INTEGER", "BIGINT", "REAL", "DOUBLE", "NUMERIC", "BOOLEAN",
                                     "CHARACTER", "TIMESTAMP", "TIME", "INTERVAL", "BIT"});

template <typename List>
bool Has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t EndOfQuoted(std::string_view sql, std::size_t at, bool has_escapes) {
  const char quote = sql[at++];
  while (at < sql.size() && sql[at] != quote) at += has_escapes && sql[at] == '\\' ? 2 : 1;
  return std::min(at + 1, sql.size());  // a doubled quote is two of these in a row, which is as good here
}

Token Next(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  std::size_t end = at + 1;
  Kind kind = Kind::kOther;
  if (c == '\'') {
    kind = Kind::kString;
    end = EndOfQuoted(sql, at, at > 0 && sql[at - 1] == 'E');
  } else if (c == '"') {
    kind = Kind::kQuoted;
    end = EndOfQuoted(sql, at, false);
  } else if (sql.substr(at, 2) == "::") {
    kind = Kind::kCast;
    end = at + 2;
  } else if (kOperatorCharacters.find(c) != std::string_view::npos) {
    kind = Kind::kOperator;
    while (end < sql.size() && kOperatorCharacters.find(sql[end]) != std::string_view::npos) ++end;
  } else if (IsWord(c) || c == '$') {
    kind = c == '$' ? Kind::kParameter : std::isdigit(static_cast<unsigned char>(c)) != 0 ? Kind::kNumber : Kind::kWord;
    while (end < sql.size() && IsWord(sql[end])) ++end;
  }
  std::string text(sql.substr(at, end - at));
  if (kind == Kind::kWord) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char b) { return std::toupper(b); });
  }
  return {kind, std::move(text), at};
}

std::vector<Token> Tokens(std::string_view sql) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < sql.size();) {
    if (std::isspace(static_cast<unsigned char>(sql[at])) != 0) {
      ++at;
      continue;
    }
    Token token = Next(sql, at);
    at += token.text.size();
    // "a""b": one identifier
    if (!tokens.empty() && token.kind == Kind::kQuoted && tokens.back().kind == Kind::kQuoted &&
        tokens.back().begin + tokens.back().text.size() == token.begin) {
      tokens.back().text += token.text;
    } else {
      tokens.push_back(std::move(token));
    }
  }
  return tokens;
}

class Checker {
 public:
  explicit Checker(std::string_view sql) : tokens_(Tokens(sql)) {}

  // Null: all is qualified.
  const Token* Run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.kind == Kind::kWord && !Follows(".")) {
        if (token.text == "SET") is_setting_ = true;
        if (token.text == "WHERE" || token.text == "RETURNING") is_setting_ = false;
      }
      if (!IsQualified(token)) return &token;
    }
    return nullptr;
  }

 private:
  std::string_view At(std::size_t at) const { return at < tokens_.size() ? tokens_[at].text : std::string_view(); }
  bool Follows(std::string_view text) const { return at_ > 0 && At(at_ - 1) == text; }

  bool IsQualified(const Token& token) const {
    switch (token.kind) {
      case Kind::kOperator:
        return IsQualifiedOperator(token.text);
      case Kind::kCast:
        return At(at_ + 2) == "." ||
               (Has(kGrammarTypes, At(at_ + 1)) && (At(at_ + 1) != "CHARACTER" || At(at_ + 2) == "VARYING"));
      case Kind::kWord:
        return IsQualifiedWord(token.text);
      case Kind::kQuoted:
        return At(at_ + 1) != "(" || Follows(".");
      default:
        return true;
    }
  }

  bool IsQualifiedOperator(std::string_view symbol) const {
    if (symbol == "*") return Follows("(") || Follows("SELECT");
    if (symbol == "=>") return true;
    if (symbol == "=" && is_setting_ && tokens_[at_ - 1].kind == Kind::kQuoted && At(at_ - 2) != ".") return true;
    return Follows(".") && at_ >= 4 && At(at_ - 3) == "(" && At(at_ - 4) == "OPERATOR";
  }

  bool IsQualifiedWord(std::string_view word) const {
    if (Follows(".")) return true;
    if (Has(kForbidden, word)) return false;
    if (word == "AT") return At(at_ + 1) != "TIME";
    if (word == "ALL") return Follows("UNION");
    if (word == "CASE") return At(at_ + 1) == "WHEN";
    if (word == "COLLATE") return At(at_ + 2) == ".";
    if (word == "DISTINCT") return !Follows("IS") && !Follows("NOT");
    return At(at_ + 1) != "(" || Has(kBeforeParenthesis, word) || Follows("AS");
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool is_setting_ = false;  // in the assignments of an UPDATE
};

}  // namespace

std::string FindUnqualified(std::string_view sql) {
  Checker checker(sql);
  const Token* found = checker.Run();  // belongs to the checker
  return found == nullptr ? "" : std::string(sql.substr(found->begin, 60));
}

}  // namespace threefactor::qualified
