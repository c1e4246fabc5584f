#include <memory>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cache/operation_cache.hpp"
#include "pipeline/pipeline.hpp"
#include "targets.hpp"
#include "unit/support/catalog.hpp"

namespace threefactor::fuzz {

namespace {

// The document, a line with three hyphens, the variables.
constexpr std::string_view kBorder = "\n---\n";

// A text and its parameters are all that reaches Postgres.
void RequireSame(const sql::Compiled& left, const sql::Compiled& right) {
  Require(left.statements.size() == right.statements.size());
  for (std::size_t i = 0; i < left.statements.size(); ++i) {
    Require(left.statements[i].text == right.statements[i].text);
    Require(left.statements[i].parameters == right.statements[i].parameters);
  }
}

}  // namespace

void Operation(std::string_view input) {
  static const std::shared_ptr<const schema::Schema> schema = test::BuildSchemaOf(test::OrdersCatalog());
  const std::size_t border = input.find(kBorder);
  Request request;
  request.query = input.substr(0, border);
  JsonDocument variables;
  cache::OperationCache cache(1 << 20);
  try {
    if (border != std::string_view::npos) {
      variables = ParseJson(input.substr(border + kBorder.size()), "the variables");
      if (!variables.root().IsObject()) return;
      request.variables = &variables.root();
    }
    const auto compiled = Compile(schema, request, {}, cache);
    // No text of a request is part of the SQL: with a NUL, which Postgres takes nowhere, it would not be sent whole.
    for (const sql::Statement& statement : compiled->statements) {
      Require(statement.text.find('\0') == std::string::npos);
    }
    RequireSame(*compiled, *Compile(schema, request, {}, cache));  // most likely from the cache
  } catch (const Error&) {
  }
}

}  // namespace threefactor::fuzz
