#include "validation/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation {

Fragments::Fragments(const language::Document& document) {
  for (const language::FragmentDefinition& fragment : document.fragments) {
    if (by_name_.emplace(fragment.name, &fragment).second) continue;
    throw Error(code::kParseFailed, rules::RepeatedFragment(fragment.name));
  }
}

const language::FragmentDefinition& Fragments::Find(std::string_view name, const Path& path) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    throw Error(code::kValidationFailed, rules::UnknownFragment(name), path.text());
  }
  return *found->second;
}

// Depth first. A fragment that was left without finding a cycle is not entered again.
class Fragments::Walk {
 public:
  Walk(const Fragments& fragments, const Limits& limits) : fragments_(fragments), limits_(limits) {}

  void Enter(const std::vector<language::Selection>& selections, int depth) {
    if (selections.empty()) return;
    if (depth > limits_.SafeDepth()) {
      throw Error(code::kValidationFailed,
                  fmt::format("the document is nested deeper than {} levels", limits_.SafeDepth()), path_.text());
    }
    const auto key = path_.Key("selectionSet");
    for (const language::Selection& selection : selections) {
      if (selection.kind == language::Selection::Kind::kFragmentSpread) {
        EnterFragment(selection.name, depth);
      } else if (selection.kind == language::Selection::Kind::kInlineFragment) {
        Enter(selection.selections, depth + 1);
      } else {
        const auto field = path_.Key(selection.ResponseKey());
        Enter(selection.selections, depth + 1);
      }
    }
  }

 private:
  void EnterFragment(std::string_view name, int depth) {
    const auto open = std::find(open_.begin(), open_.end(), name);
    if (open != open_.end()) {
      throw Error(code::kValidationFailed, rules::FragmentCycle({open, open_.end()}), path_.text());
    }
    if (done_.contains(name)) return;
    const language::FragmentDefinition& fragment = fragments_.Find(name, path_);
    open_.push_back(name);
    {
      const auto key = path_.Key(name);
      Enter(fragment.selections, depth + 1);
    }
    open_.pop_back();
    done_.insert(name);
  }

  const Fragments& fragments_;
  const Limits& limits_;
  Path path_;
  std::vector<std::string_view> open_;
  std::unordered_set<std::string_view> done_;
};

void Fragments::CheckCycles(const std::vector<language::Selection>& selections, const Limits& limits) const {
  if (by_name_.empty()) return;
  Walk(*this, limits).Enter(selections, 1);
}

}  // namespace threefactor::validation
