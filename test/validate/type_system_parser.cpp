#include <algorithm>
#include <array>

#include "language/grammar.hpp"
#include "type_system_document.hpp"

namespace threefactor::validate {

namespace {

using language::Token;

constexpr std::array<std::string_view, 6> kTypeKeywords = {"scalar", "type", "interface", "union", "enum", "input"};

class Parser : private language::Grammar {
 public:
  Parser(std::string_view text, const Limits& limits) : Grammar(text, limits) {}

  TypeSystemDocument Take() {
    do {
      ParseDefinition();
    } while (token_.kind != Token::Kind::kEnd);
    result_.executable = std::move(document_);
    return std::move(result_);
  }

 private:
  void ParseDefinition() {
    const std::uint32_t offset = token_.offset;
    const bool has_description = SkipDescription();
    if (has_description && At("{")) Fail("a definition with a keyword after its description");
    if (AtKeyword("fragment")) {
      ParseFragment(document_.fragments.emplace_back(), offset);
      return;
    }
    if (At("{") || AtKeyword("query") || AtKeyword("mutation") || AtKeyword("subscription")) {
      ParseOperation(document_.operations.emplace_back(), offset);
      return;
    }
    const bool is_extension = AtKeyword("extend");
    if (is_extension && has_description) Fail("a definition after its description");
    if (is_extension) Advance();
    document_.others.push_back({ParseTypeSystemDefinition(is_extension), offset});
  }

  // Its name, or "schema".
  std::string_view ParseTypeSystemDefinition(bool is_extension) {
    if (AtKeyword("schema")) {
      Advance();
      ParseSchema(is_extension);
      return "schema";
    }
    if (AtKeyword("directive") && !is_extension) {
      Advance();
      ParseDirectiveDefinition(result_.directives.emplace_back());
      return result_.directives.back().name;
    }
    if (token_.kind != Token::Kind::kName ||
        std::find(kTypeKeywords.begin(), kTypeKeywords.end(), token_.text) == kTypeKeywords.end()) {
      Fail("a definition");
    }
    TypeDefinition& type = result_.types.emplace_back();
    type.is_extension = is_extension;
    type.keyword = TakeName("a definition");
    ParseTypeDefinition(type);
    return type.name;
  }

  void ParseSchema(bool is_extension) {
    result_.has_schema = result_.has_schema || !is_extension;
    std::vector<language::Directive> directives;
    ParseDirectives(directives, true);
    if (is_extension && !At("{")) return;
    Expect("{");
    do {
      RootDefinition& root = result_.roots.emplace_back();
      root.operation = TakeName("query, mutation or subscription");
      Expect(":");
      root.type = TakeName("the name of a type");
    } while (!Accept("}"));
  }

  void ParseTypeDefinition(TypeDefinition& type) {
    type.name = TakeName("the name of a type");
    if (AtKeyword("implements")) {
      Advance();
      Accept("&");
      do {
        type.interfaces.push_back(TakeName("the name of an interface"));
      } while (Accept("&"));
    }
    std::vector<language::Directive> directives;
    ParseDirectives(directives, true);
    type.is_one_of = std::any_of(directives.begin(), directives.end(),
                                 [](const language::Directive& directive) { return directive.name == "oneOf"; });
    if (type.keyword == "union" && Accept("=")) {
      Accept("|");
      do {
        type.members.push_back(TakeName("the name of a type"));
      } while (Accept("|"));
    }
    if (type.keyword == "union" || type.keyword == "scalar" || !Accept("{")) return;
    do {
      ParseMember(type);
    } while (!Accept("}"));
  }

  void ParseMember(TypeDefinition& type) {
    if (type.keyword == "input") {
      ParseInputValue(type.input_fields.emplace_back());
    } else if (type.keyword == "enum") {
      SkipDescription();
      type.members.push_back(TakeName("the name of a value"));
      SkipDirectives();
    } else {
      SkipDescription();
      FieldDefinition& field = type.fields.emplace_back();
      field.name = TakeName("the name of a field");
      ParseArgumentDefinitions(field.arguments);
      Expect(":");
      ParseType(field.type);
      SkipDirectives();
    }
  }

  void ParseDirectiveDefinition(DirectiveDefinition& directive) {
    Expect("@");
    directive.name = TakeName("the name of a directive");
    ParseArgumentDefinitions(directive.arguments);
    if (AtKeyword("repeatable")) {
      Advance();
      directive.is_repeatable = true;
    }
    if (!AtKeyword("on")) Fail("on");
    Advance();
    Accept("|");
    do {
      directive.locations.push_back(TakeName("a location"));
    } while (Accept("|"));
  }

  void ParseArgumentDefinitions(std::vector<InputValueDefinition>& arguments) {
    if (!Accept("(")) return;
    do {
      ParseInputValue(arguments.emplace_back());
    } while (!Accept(")"));
  }

  void ParseInputValue(InputValueDefinition& value) {
    SkipDescription();
    value.name = TakeName("a name");
    Expect(":");
    ParseType(value.type);
    if (Accept("=")) {
      const std::uint32_t begin = token_.offset;
      language::Value ignored;
      ParseValue(ignored, true);
      value.default_value = std::string_view(*document_.source).substr(begin, token_.offset - begin);
    }
    SkipDirectives();
  }

  void SkipDirectives() {
    std::vector<language::Directive> ignored;
    ParseDirectives(ignored, true);
  }

  TypeSystemDocument result_;
};

}  // namespace

TypeSystemDocument ParseTypeSystem(std::string_view text, const Limits& limits) {
  return Parser(text, limits).Take();
}

}  // namespace threefactor::validate
