#include "validation/directives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "error.hpp"

namespace threefactor::validation {

namespace {

// "a fragment spread" for "FRAGMENT_SPREAD".
std::string Describe(std::string_view location) {
  std::string text = location.front() == 'I' ? "an " : "a ";
  for (const char c : location) text.push_back(c == '_' ? ' ' : static_cast<char>(std::tolower(c)));
  return text;
}

void RefuseRepetition(const std::vector<language::Directive>& directives, const Path& path) {
  std::vector<std::string_view> names;
  names.reserve(directives.size());
  for (const language::Directive& directive : directives) names.push_back(directive.name);
  std::sort(names.begin(), names.end());
  std::string repeated;
  for (std::size_t i = 1; i < names.size(); ++i) {
    const bool is_first_repetition = names[i] == names[i - 1] && (i < 2 || names[i] != names[i - 2]);
    if (is_first_repetition) repeated.append(repeated.empty() ? "" : ", ").append(names[i]);
  }
  if (repeated.empty()) return;
  throw Error(code::kValidationFailed, "the following directives are used more than once: " + repeated, path.text());
}

}  // namespace

bool ApplyDirectives(const schema::Schema& schema, const std::vector<language::Directive>& directives,
                     std::string_view location, Coercion& coercion, Path& path) {
  if (directives.empty()) return true;
  RefuseRepetition(directives, path);
  bool stays = true;
  for (const language::Directive& directive : directives) {
    const schema::Directive* known = schema.FindDirective(directive.name);
    if (known == nullptr) {
      throw Error(code::kValidationFailed, fmt::format("directive \"{}\" is not defined in the schema", directive.name),
                  path.text());
    }
    if (std::find(known->locations.begin(), known->locations.end(), location) == known->locations.end()) {
      throw Error(code::kValidationFailed,
                  fmt::format("directive \"{}\" is not allowed on {}", directive.name, Describe(location)),
                  path.text());
    }
    const auto key = path.Key(directive.name);
    const std::vector<Entry> arguments = coercion.Arguments(known->arguments, directive.arguments, directive.name);
    if (known->name == "skip" && arguments.front().value.IsTrue()) stays = false;
    if (known->name == "include" && !arguments.front().value.IsTrue()) stays = false;
  }
  return stays;
}

}  // namespace threefactor::validation
