#include "validation/directives.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation {

namespace {

void RefuseRepetition(const schema::Schema& schema, const std::vector<language::Directive>& directives,
                      const Path& path) {
  std::vector<std::string_view> names;
  for (const rules::RepeatedDirective& repeated : rules::RepeatedDirectives(schema, directives)) {
    names.push_back(repeated.name);
  }
  if (names.empty()) return;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  throw Error(code::kValidationFailed, rules::RepeatedDirectivesMessage(fmt::format("{}", fmt::join(names, ", "))),
              path.text());
}

}  // namespace

bool ApplyDirectives(const schema::Schema& schema, const std::vector<language::Directive>& directives,
                     std::string_view location, Coercion& coercion, Path& path) {
  if (directives.empty()) return true;
  RefuseRepetition(schema, directives, path);
  bool stays = true;
  for (const language::Directive& directive : directives) {
    if (auto mistake = rules::DirectiveMistake(schema, directive, location)) {
      throw Error(code::kValidationFailed, *std::move(mistake), path.text());
    }
    const schema::Directive* known = schema.FindDirective(directive.name);
    const auto key = path.Key(directive.name);
    const std::vector<Entry> arguments = coercion.Arguments(known->arguments, directive.arguments, directive.name);
    if (known->name == "skip" && arguments.front().value.IsTrue()) stays = false;
    if (known->name == "include" && !arguments.front().value.IsTrue()) stays = false;
  }
  return stays;
}

}  // namespace threefactor::validation
