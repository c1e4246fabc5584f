#include "language/parser.hpp"

#include <fmt/format.h>

#include "language/lexer.hpp"
#include "language/string_value.hpp"
#include "language/syntax_error.hpp"

namespace threefactor::language {

namespace {

using Kind = Token::Kind;

// Recursive descent with one token of lookahead. Every production that can contain itself holds a Level.
class Parser {
 public:
  Parser(std::string_view text, const Limits& limits)
      : limits_(limits),
        document_{std::make_unique<const std::string>(text), {}, {}, {}},
        lexer_(*document_.source, limits) {
    Advance();
  }

  Document TakeDocument() {
    do {
      ParseDefinition();
    } while (token_.kind != Kind::kEnd);
    return std::move(document_);
  }

  ConstantValue TakeConstantValue() {
    Value value;
    ParseValue(value, true);
    if (token_.kind != Kind::kEnd) Fail("the end of the value");
    return {std::move(document_), std::move(value)};
  }

 private:
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > parser_.limits_.SafeDepth()) {
        ThrowLimitExceeded(fmt::format("the document is nested deeper than {} levels", parser_.limits_.SafeDepth()));
      }
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] void Fail(std::string_view expected) const {
    ThrowSyntaxError(*document_.source, token_.offset, expected);
  }

  void Advance() { token_ = lexer_.Next(); }

  bool At(std::string_view punctuator) const { return token_.Is(Kind::kPunctuator, punctuator); }
  bool AtKeyword(std::string_view keyword) const { return token_.Is(Kind::kName, keyword); }

  bool Accept(std::string_view punctuator) {
    if (!At(punctuator)) return false;
    Advance();
    return true;
  }

  void Expect(std::string_view punctuator) {
    if (!Accept(punctuator)) Fail(punctuator);
  }

  std::string_view TakeName(std::string_view what) {
    if (token_.kind != Kind::kName) Fail(what);
    const std::string_view name = token_.text;
    Advance();
    return name;
  }

  // A description is allowed before a definition, and means nothing to an execution.
  void SkipDescription() {
    if (token_.kind != Kind::kString && token_.kind != Kind::kBlockString) return;
    Advance();
    if (At("{")) Fail("a definition with a keyword after its description");
  }

  void ParseDefinition() {
    SkipDescription();
    if (AtKeyword("fragment")) {
      ParseFragment(document_.fragments.emplace_back());
      return;
    }
    ParseOperation(document_.operations.emplace_back());
  }

  void ParseOperation(OperationDefinition& operation) {
    operation.offset = token_.offset;
    if (At("{")) {
      operation.is_shorthand = true;
      ParseSelectionSet(operation.selections);
      return;
    }
    if (AtKeyword("query")) {
      operation.kind = OperationDefinition::Kind::kQuery;
    } else if (AtKeyword("mutation")) {
      operation.kind = OperationDefinition::Kind::kMutation;
    } else if (AtKeyword("subscription")) {
      operation.kind = OperationDefinition::Kind::kSubscription;
    } else {
      Fail("query, mutation, subscription, fragment or {");
    }
    Advance();
    if (token_.kind == Kind::kName) operation.name = TakeName("a name");
    if (Accept("(")) {
      do {
        ParseVariableDefinition(operation.variables.emplace_back());
      } while (!Accept(")"));
    }
    ParseDirectives(operation.directives, false);
    ParseSelectionSet(operation.selections);
  }

  void ParseFragment(FragmentDefinition& fragment) {
    fragment.offset = token_.offset;
    Advance();
    if (AtKeyword("on")) Fail("the name of the fragment");
    fragment.name = TakeName("the name of the fragment");
    if (!AtKeyword("on")) Fail("on");
    Advance();
    fragment.type_condition = TakeName("the name of a type");
    ParseDirectives(fragment.directives, false);
    ParseSelectionSet(fragment.selections);
  }

  void ParseVariableDefinition(VariableDefinition& variable) {
    SkipDescription();
    Expect("$");
    variable.offset = token_.offset;
    variable.name = TakeName("the name of a variable");
    Expect(":");
    ParseType(variable.type);
    if (Accept("=")) ParseValue(variable.default_value.emplace(), true);
    ParseDirectives(variable.directives, true);
  }

  void ParseType(TypeReference& type) {
    std::size_t lists = 0;
    while (Accept("[")) {
      if (++lists > static_cast<std::size_t>(limits_.SafeDepth())) {
        ThrowLimitExceeded(fmt::format("the document is nested deeper than {} levels", limits_.SafeDepth()));
      }
    }
    // Wrappers are met from the inside out.
    type.name = TakeName("the name of a type");
    using Wrapper = TypeReference::Wrapper;
    if (Accept("!")) type.wrappers.push_back(Wrapper::kNonNull);
    for (; lists > 0; --lists) {
      Expect("]");
      type.wrappers.push_back(Wrapper::kList);
      if (Accept("!")) type.wrappers.push_back(Wrapper::kNonNull);
    }
    std::reverse(type.wrappers.begin(), type.wrappers.end());
  }

  void ParseSelectionSet(std::vector<Selection>& selections) {
    const Level level(*this);
    Expect("{");
    do {
      ParseSelection(selections.emplace_back());
    } while (!Accept("}"));
  }

  void ParseSelection(Selection& selection) {
    selection.offset = token_.offset;
    if (Accept("...")) {
      ParseFragmentSelection(selection);
      return;
    }
    selection.name = TakeName("a selection");
    if (Accept(":")) {
      if (++aliases_ > limits_.aliases) {
        ThrowLimitExceeded(fmt::format("the document has more than {} aliases", limits_.aliases));
      }
      selection.alias = selection.name;
      selection.name = TakeName("the name of a field");
    }
    ParseArguments(selection.arguments, false);
    ParseDirectives(selection.directives, false);
    if (At("{")) ParseSelectionSet(selection.selections);
  }

  void ParseFragmentSelection(Selection& selection) {
    if (token_.kind == Kind::kName && token_.text != "on") {
      selection.kind = Selection::Kind::kFragmentSpread;
      selection.name = TakeName("the name of a fragment");
      ParseDirectives(selection.directives, false);
      return;
    }
    selection.kind = Selection::Kind::kInlineFragment;
    if (AtKeyword("on")) {
      Advance();
      selection.name = TakeName("the name of a type");
    }
    ParseDirectives(selection.directives, false);
    ParseSelectionSet(selection.selections);
  }

  void ParseArguments(std::vector<Argument>& arguments, bool constant) {
    if (!Accept("(")) return;
    do {
      Argument& argument = arguments.emplace_back();
      argument.offset = token_.offset;
      argument.name = TakeName("the name of an argument");
      Expect(":");
      ParseValue(argument.value, constant);
    } while (!Accept(")"));
  }

  void ParseDirectives(std::vector<Directive>& directives, bool constant) {
    while (Accept("@")) {
      Directive& directive = directives.emplace_back();
      directive.offset = token_.offset;
      directive.name = TakeName("the name of a directive");
      ParseArguments(directive.arguments, constant);
    }
  }

  void ParseValue(Value& value, bool constant) {
    const Level level(*this);
    value.offset = token_.offset;
    value.text = token_.text;
    switch (token_.kind) {
      case Kind::kInt:
        value.kind = Value::Kind::kInt;
        break;
      case Kind::kFloat:
        value.kind = Value::Kind::kFloat;
        break;
      case Kind::kString:
        value.kind = Value::Kind::kString;
        if (token_.has_escapes) value.text = Keep(DecodeString(*document_.source, token_.text));
        break;
      case Kind::kBlockString:
        value.kind = Value::Kind::kString;
        value.text = Keep(DecodeBlockString(token_.text));
        break;
      case Kind::kName:
        value.kind = token_.text == "true" || token_.text == "false" ? Value::Kind::kBoolean
                     : token_.text == "null"                         ? Value::Kind::kNull
                                                                     : Value::Kind::kEnum;
        break;
      case Kind::kPunctuator:
        ParseCompoundValue(value, constant);
        return;
      case Kind::kEnd:
        Fail("a value");
    }
    Advance();
  }

  void ParseCompoundValue(Value& value, bool constant) {
    if (At("$")) {
      if (constant) Fail("a constant value");
      Advance();
      value.kind = Value::Kind::kVariable;
      value.text = TakeName("the name of a variable");
    } else if (Accept("[")) {
      value.kind = Value::Kind::kList;
      while (!Accept("]")) ParseValue(value.items.emplace_back(), constant);
    } else if (Accept("{")) {
      value.kind = Value::Kind::kObject;
      while (!Accept("}")) {
        ObjectField& field = value.fields.emplace_back();
        field.offset = token_.offset;
        field.name = TakeName("the name of a field");
        Expect(":");
        ParseValue(field.value, constant);
      }
    } else {
      Fail("a value");
    }
  }

  std::string_view Keep(std::string decoded) { return document_.decoded_strings.emplace_front(std::move(decoded)); }

  const Limits& limits_;
  Document document_;
  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  int aliases_ = 0;
};

}  // namespace

Document Parse(std::string_view text, const Limits& limits) {
  return Parser(text, limits).TakeDocument();
}

ConstantValue ParseConstantValue(std::string_view text, const Limits& limits) {
  return Parser(text, limits).TakeConstantValue();
}

}  // namespace threefactor::language
