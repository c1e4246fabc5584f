// Selection sets of the document -> the fields that are answered: fragments inlined, @skip and @include applied, fields
// with the same response key merged, in the order of their first mention (GraphQL specification, section 6.3.2).
#pragma once

#include <unordered_map>
#include <vector>

#include "base/limits.hpp"
#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/coerce.hpp"
#include "validation/fragments.hpp"
#include "validation/operation.hpp"
#include "validation/path.hpp"

namespace threefactor::validation {

class SelectionBuilder {
 public:
  // All borrowed. Requires fragments without cycles.
  SelectionBuilder(const schema::Schema& schema, const Fragments& fragments, const Limits& limits, Coercion& coercion,
                   Path& path)
      : schema_(schema), fragments_(fragments), limits_(limits), coercion_(coercion), path_(path) {}

  // Throws Error.
  std::vector<Selection> Build(const schema::Type& root, const std::vector<language::Selection>& selections);

 private:
  // The mentions of one response key.
  struct Group {
    std::string_view response_key;
    std::vector<const language::Selection*> mentions;
  };
  class Groups;

  std::vector<Selection> BuildLevel(const schema::Type& parent, const std::vector<const language::Selection*>& owners,
                                    int depth);
  std::vector<Selection> BuildGroups(const schema::Type& parent, const Groups& groups, int depth);
  Selection BuildField(const schema::Type& parent, const Group& group, int depth);
  const schema::Field& FindField(const schema::Type& parent, std::string_view name) const;
  void Collect(const schema::Type& parent, const std::vector<language::Selection>& selections, Groups& groups,
               int depth);
  void CollectFragment(const schema::Type& parent, const language::Selection& spread, Groups& groups, int depth);
  void CheckTypeCondition(const schema::Type& parent, std::string_view type_condition) const;
  void CountField();

  const schema::Schema& schema_;
  const Fragments& fragments_;
  const Limits& limits_;
  Coercion& coercion_;
  Path& path_;
  std::size_t selected_fields_ = 0;
};

}  // namespace threefactor::validation
