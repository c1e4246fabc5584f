// Short forms for tests of the validation: text in, operation or error out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "language/parser.hpp"
#include "unit/support/catalog.hpp"
#include "validation/validate.hpp"

namespace threefactor::test {

struct Question {
  std::string_view variables = "";  // JSON; empty: none sent
  std::string_view operation_name = "";
  Limits limits = {};
  const schema::Schema* schema = nullptr;  // null: OrdersSchema
};

inline validation::Operation Validate(std::string_view text, const Question& question = {}) {
  const language::Document document = language::Parse(text, question.limits);
  JsonDocument variables;
  if (!question.variables.empty()) {
    variables = ParseJson(question.variables, "the test's variables");
  }
  return validation::Validate(question.schema != nullptr ? *question.schema : OrdersSchema(), document,
                              question.operation_name, question.variables.empty() ? nullptr : &variables.root(),
                              question.limits);
}

// The error as "code path: message"; "none" when the operation is valid.
inline std::string Failure(std::string_view text, const Question& question = {}) {
  try {
    Validate(text, question);
  } catch (const Error& error) {
    return error.code() + " " + error.path() + ": " + error.message();
  }
  return "none";
}

}  // namespace threefactor::test
