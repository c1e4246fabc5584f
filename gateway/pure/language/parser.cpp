#include "language/parser.hpp"

#include "language/grammar.hpp"

namespace threefactor::language {

namespace {

class Parser : private Grammar {
 public:
  Parser(std::string_view text, const Limits& limits) : Grammar(text, limits) {}

  Document TakeDocument() {
    do {
      ParseDefinition();
    } while (token_.kind != Token::Kind::kEnd);
    return std::move(document_);
  }

  ConstantValue TakeConstantValue() {
    Value value;
    ParseValue(value, true);
    if (token_.kind != Token::Kind::kEnd) Fail("the end of the value");
    return {std::move(document_), std::move(value)};
  }

 private:
  void ParseDefinition() {
    const std::uint32_t offset = token_.offset;
    if (SkipDescription() && At("{")) Fail("a definition with a keyword after its description");
    if (AtKeyword("fragment")) {
      ParseFragment(document_.fragments.emplace_back(), offset);
    } else {
      ParseOperation(document_.operations.emplace_back(), offset);
    }
  }
};

}  // namespace

Document Parse(std::string_view text, const Limits& limits) {
  return Parser(text, limits).TakeDocument();
}

ConstantValue ParseConstantValue(std::string_view text, const Limits& limits) {
  return Parser(text, limits).TakeConstantValue();
}

}  // namespace threefactor::language
