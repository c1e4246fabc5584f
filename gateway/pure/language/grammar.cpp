#include "language/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "language/string_value.hpp"
#include "language/syntax_error.hpp"

namespace threefactor::language {

namespace {

using Kind = Token::Kind;

}  // namespace

Grammar::Grammar(std::string_view text, const Limits& limits)
    : limits_(limits),
      document_{std::make_unique<const std::string>(text), {}, {}, {}, {}},
      lexer_(*document_.source, limits) {
  Advance();
}

Grammar::Level::Level(Grammar& grammar) : grammar_(grammar) {
  if (++grammar_.depth_ > grammar_.limits_.SafeDepth()) {
    ThrowLimitExceeded(fmt::format("the document is nested deeper than {} levels", grammar_.limits_.SafeDepth()));
  }
}

void Grammar::Fail(std::string_view expected) const {
  ThrowSyntaxError(*document_.source, token_.offset, expected);
}

bool Grammar::Accept(std::string_view punctuator) {
  if (!At(punctuator)) return false;
  Advance();
  return true;
}

void Grammar::Expect(std::string_view punctuator) {
  if (!Accept(punctuator)) Fail(punctuator);
}

std::string_view Grammar::TakeName(std::string_view what) {
  if (token_.kind != Kind::kName) Fail(what);
  const std::string_view name = token_.text;
  Advance();
  return name;
}

bool Grammar::SkipDescription() {
  if (token_.kind != Kind::kString && token_.kind != Kind::kBlockString) return false;
  Advance();
  return true;
}

void Grammar::ParseOperation(OperationDefinition& operation, std::uint32_t offset) {
  operation.offset = offset;
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
  operation.name_offset = token_.offset;
  if (token_.kind == Kind::kName) operation.name = TakeName("a name");
  if (Accept("(")) {
    do {
      ParseVariableDefinition(operation.variables.emplace_back());
    } while (!Accept(")"));
  }
  ParseDirectives(operation.directives, false);
  ParseSelectionSet(operation.selections);
}

void Grammar::ParseFragment(FragmentDefinition& fragment, std::uint32_t offset) {
  fragment.offset = offset;
  Advance();
  fragment.name_offset = token_.offset;
  if (AtKeyword("on")) Fail("the name of the fragment");
  fragment.name = TakeName("the name of the fragment");
  if (!AtKeyword("on")) Fail("on");
  Advance();
  fragment.condition_offset = token_.offset;
  fragment.type_condition = TakeName("the name of a type");
  ParseDirectives(fragment.directives, false);
  ParseSelectionSet(fragment.selections);
}

void Grammar::ParseVariableDefinition(VariableDefinition& variable) {
  variable.offset = token_.offset;
  SkipDescription();
  Expect("$");
  variable.name_offset = token_.offset;
  variable.name = TakeName("the name of a variable");
  Expect(":");
  ParseType(variable.type);
  if (Accept("=")) ParseValue(variable.default_value.emplace(), true);
  ParseDirectives(variable.directives, true);
}

void Grammar::ParseType(TypeReference& type) {
  type.offset = token_.offset;
  std::size_t lists = 0;
  while (Accept("[")) {
    if (++lists > static_cast<std::size_t>(limits_.SafeDepth())) {
      ThrowLimitExceeded(fmt::format("the document is nested deeper than {} levels", limits_.SafeDepth()));
    }
  }
  // Wrappers are met from the inside out.
  type.name_offset = token_.offset;
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

void Grammar::ParseSelectionSet(std::vector<Selection>& selections) {
  const Level level(*this);
  Expect("{");
  do {
    ParseSelection(selections.emplace_back());
  } while (!Accept("}"));
}

void Grammar::ParseSelection(Selection& selection) {
  selection.offset = token_.offset;
  if (Accept("...")) {
    ParseFragmentSelection(selection);
    return;
  }
  selection.name_offset = token_.offset;
  selection.name = TakeName("a selection");
  if (Accept(":")) {
    if (++aliases_ > limits_.aliases) {
      ThrowLimitExceeded(fmt::format("the document has more than {} aliases", limits_.aliases));
    }
    selection.alias = selection.name;
    selection.name_offset = token_.offset;
    selection.name = TakeName("the name of a field");
  }
  ParseArguments(selection.arguments, false);
  ParseDirectives(selection.directives, false);
  selection.selections_offset = token_.offset;
  if (At("{")) ParseSelectionSet(selection.selections);
}

void Grammar::ParseFragmentSelection(Selection& selection) {
  selection.name_offset = token_.offset;
  if (token_.kind == Kind::kName && token_.text != "on") {
    selection.kind = Selection::Kind::kFragmentSpread;
    selection.name = TakeName("the name of a fragment");
    ParseDirectives(selection.directives, false);
    return;
  }
  selection.kind = Selection::Kind::kInlineFragment;
  if (AtKeyword("on")) {
    Advance();
    selection.name_offset = token_.offset;
    selection.name = TakeName("the name of a type");
  }
  ParseDirectives(selection.directives, false);
  ParseSelectionSet(selection.selections);
}

void Grammar::ParseArguments(std::vector<Argument>& arguments, bool constant) {
  if (!Accept("(")) return;
  do {
    Argument& argument = arguments.emplace_back();
    argument.offset = token_.offset;
    argument.name = TakeName("the name of an argument");
    Expect(":");
    ParseValue(argument.value, constant);
  } while (!Accept(")"));
}

void Grammar::ParseDirectives(std::vector<Directive>& directives, bool constant) {
  while (At("@")) {
    Directive& directive = directives.emplace_back();
    directive.offset = token_.offset;
    Advance();
    directive.name = TakeName("the name of a directive");
    ParseArguments(directive.arguments, constant);
  }
}

void Grammar::ParseValue(Value& value, bool constant) {
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

void Grammar::ParseCompoundValue(Value& value, bool constant) {
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

}  // namespace threefactor::language
