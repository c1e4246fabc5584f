// Variables of the environment that are meant for this program (THREEFACTOR_*) or for Hasura (HASURA_GRAPHQL_*) and
// that no option reads. Pure, but for reading `environment`.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace threefactor {

// The names of those that change nothing, sorted; nobody is less protected without them.
// Throws std::runtime_error, with what to do, for one that would protect something, so that nobody serves more than he
// believes. Whatever the name, a variable that protects when it is on (or off) may be set to the other.
// `environment`: NAME=VALUE, ended by a null pointer, as environ. `understood`: the names that options read.
std::vector<std::string> IgnoredVariables(const char* const* environment, const std::set<std::string>& understood);

// A variable of Hasura that stops the start, as the reference page says it.
struct RefusedVariable {
  std::string name;
  std::string_view when;    // it stops the start: "always", "unless it is false" ...
  std::string_view advice;  // what to do instead
};
std::vector<RefusedVariable> RefusedVariables();

}  // namespace threefactor
