// The productions of the grammar, over a lexer: recursive descent with one token of lookahead (GraphQL specification,
// sections 2.2 to 2.13). A parser of whole documents derives from it: Parse (parser.cpp), and that of type systems
// (test/validate). Every production that can contain itself holds a Level, so the limit of depth bounds the stack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "language/ast.hpp"
#include "language/lexer.hpp"

namespace threefactor::language {

// All members throw Error: a syntax error, or the limit that was exceeded.
class Grammar {
 protected:
  // Copies `text`; `limits` must outlive this.
  Grammar(std::string_view text, const Limits& limits);

  class Level {
   public:
    explicit Level(Grammar& grammar);
    ~Level() { --grammar_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Grammar& grammar_;
  };

  // `expected` completes the sentence "expected ...", at the token.
  [[noreturn]] void Fail(std::string_view expected) const;

  void Advance() { token_ = lexer_.Next(); }
  bool At(std::string_view punctuator) const { return token_.Is(Token::Kind::kPunctuator, punctuator); }
  bool AtKeyword(std::string_view keyword) const { return token_.Is(Token::Kind::kName, keyword); }
  bool Accept(std::string_view punctuator);
  void Expect(std::string_view punctuator);
  std::string_view TakeName(std::string_view what);

  // A description is allowed before a definition, and means nothing to an execution. True: there was one.
  bool SkipDescription();

  // `offset`: where the definition, or the description before it, begins.
  void ParseOperation(OperationDefinition& operation, std::uint32_t offset);
  void ParseFragment(FragmentDefinition& fragment, std::uint32_t offset);
  void ParseType(TypeReference& type);
  void ParseDirectives(std::vector<Directive>& directives, bool constant);
  void ParseValue(Value& value, bool constant);

  const Limits& limits_;
  Document document_;
  Lexer lexer_;
  Token token_;

 private:
  void ParseVariableDefinition(VariableDefinition& variable);
  void ParseSelectionSet(std::vector<Selection>& selections);
  void ParseSelection(Selection& selection);
  void ParseFragmentSelection(Selection& selection);
  void ParseArguments(std::vector<Argument>& arguments, bool constant);
  void ParseCompoundValue(Value& value, bool constant);
  std::string_view Keep(std::string decoded) { return document_.decoded_strings.emplace_front(std::move(decoded)); }

  int depth_ = 0;
  int aliases_ = 0;
};

}  // namespace threefactor::language
