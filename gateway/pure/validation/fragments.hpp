// The fragments of a document: found by name, free of cycles (GraphQL specification, section 5.5).
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/limits.hpp"
#include "language/ast.hpp"
#include "validation/path.hpp"

namespace threefactor::validation {

class Fragments {
 public:
  // `document` must outlive this. Throws Error when two have the same name.
  explicit Fragments(const language::Document& document);

  // Throws Error at the path when there is none.
  const language::FragmentDefinition& Find(std::string_view name, const Path& path) const;

  // Throws Error when fragments that `selections` reach form a cycle, do not exist, or nest deeper than the limit.
  // Needed before anything follows spreads without looking back.
  void CheckCycles(const std::vector<language::Selection>& selections, const Limits& limits) const;

 private:
  class Walk;
  std::unordered_map<std::string_view, const language::FragmentDefinition*> by_name_;
};

}  // namespace threefactor::validation
