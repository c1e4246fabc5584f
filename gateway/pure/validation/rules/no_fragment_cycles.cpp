#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "validation/english.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string FragmentCycle(const std::vector<std::string_view>& names) {
  return fmt::format("the fragment definition(s) {} form a cycle", EnglishList("and", names));
}

namespace {

// Depth first, without recursion: a chain of fragments may be as long as a document. A fragment that was left is not
// entered again, so each spread is followed once.
class Search {
 public:
  Search(const DocumentFacts& facts, Report& report) : facts_(facts), report_(report) {}

  void From(const DefinitionFact& fragment) {
    Enter(fragment);
    while (!open_.empty()) {
      Step& step = open_.back();
      if (step.next == step.fragment->spreads.size()) {
        positions_.erase(step.fragment->fragment->name);
        open_.pop_back();
        continue;
      }
      Follow(*step.fragment->spreads[step.next++]);
    }
  }

 private:
  struct Step {
    const DefinitionFact* fragment;
    std::size_t next;  // among its spreads; the one before is being followed
  };

  void Enter(const DefinitionFact& fragment) {
    if (!entered_.insert(fragment.fragment->name).second) return;
    positions_.emplace(fragment.fragment->name, open_.size());
    open_.push_back({&fragment, 0});
  }

  void Follow(const language::Selection& spread) {
    const auto position = positions_.find(spread.name);
    if (position != positions_.end()) {
      ReportCycle(position->second);
    } else if (const DefinitionFact* fragment = facts_.FindFragment(spread.name)) {
      Enter(*fragment);
    }
  }

  void ReportCycle(std::size_t from) {
    std::vector<std::string_view> names;
    std::vector<std::uint32_t> offsets;
    for (std::size_t i = from; i < open_.size(); ++i) {
      names.push_back(open_[i].fragment->fragment->name);
      offsets.push_back(open_[i].fragment->spreads[open_[i].next - 1]->offset);
    }
    report_.Add(FragmentCycle(names), std::move(offsets));
  }

  const DocumentFacts& facts_;
  Report& report_;
  std::vector<Step> open_;
  std::unordered_map<std::string_view, std::size_t> positions_;  // in open_
  std::unordered_set<std::string_view> entered_;
};

}  // namespace

// GraphQL specification, "Fragment Spreads Must Not Form Cycles".
void NoFragmentCycles(const DocumentFacts& facts, Report& report) {
  Search search(facts, report);
  for (const DefinitionFact& definition : facts.definitions) {
    if (report.IsFull()) return;
    if (definition.fragment != nullptr) search.From(definition);
  }
}

}  // namespace threefactor::validation::rules
