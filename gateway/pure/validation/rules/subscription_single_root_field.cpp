#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <unordered_set>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

namespace {

// The fields at the root of a subscription, by response key, with fragments inlined.
class RootFields {
 public:
  RootFields(const DocumentFacts& facts, const schema::Type& root, Report& report)
      : facts_(facts), root_(root), report_(report) {}

  // Without recursion: a chain of fragments may be as long as a document. Each is entered once.
  void Collect(const std::vector<language::Selection>& selections) {
    std::vector<std::span<const language::Selection>> open = {selections};
    while (!open.empty()) {
      if (open.back().empty()) {
        open.pop_back();
        continue;
      }
      const language::Selection& selection = open.back().front();
      open.back() = open.back().subspan(1);
      RefuseConditions(selection);
      if (selection.kind == language::Selection::Kind::kField) {
        Add(selection);
      } else if (selection.kind == language::Selection::Kind::kInlineFragment) {
        if (selection.name.empty() || Applies(selection.name)) open.emplace_back(selection.selections);
      } else if (const DefinitionFact* fragment = facts_.FindFragment(selection.name)) {
        if (!entered_.insert(selection.name).second || !Applies(fragment->fragment->type_condition)) continue;
        open.emplace_back(fragment->fragment->selections);
      }
    }
  }

  void Check() {
    std::vector<std::uint32_t> extra;
    for (const Group& group : groups_) {
      if (&group != &groups_.front()) extra.insert(extra.end(), group.offsets.begin(), group.offsets.end());
    }
    if (!extra.empty()) report_.Add("subscriptions must select one top level field", std::move(extra));
    for (const Group& group : groups_) {
      if (group.is_introspection) {
        report_.Add("subscriptions must not select an introspection field at the top level", group.offsets);
      }
    }
  }

 private:
  struct Group {
    std::string_view response_key;
    bool is_introspection;
    std::vector<std::uint32_t> offsets;
  };

  bool Applies(std::string_view type_condition) const {
    const schema::Type* type = facts_.schema->FindType(type_condition);
    return type != nullptr && type->IsComposite() && facts_.schema->Overlap(*type, root_);
  }

  void RefuseConditions(const language::Selection& selection) {
    for (const language::Directive& directive : selection.directives) {
      if (directive.name != "skip" && directive.name != "include") continue;
      report_.Add(fmt::format("subscriptions must not use @{} at the top level", directive.name), {directive.offset});
    }
  }

  void Add(const language::Selection& field) {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](const Group& group) { return group.response_key == field.ResponseKey(); });
    if (found != groups_.end()) {
      found->offsets.push_back(field.offset);
    } else {
      groups_.push_back({field.ResponseKey(), field.name.starts_with("__"), {field.offset}});
    }
  }

  const DocumentFacts& facts_;
  const schema::Type& root_;
  Report& report_;
  std::vector<Group> groups_;
  std::unordered_set<std::string_view> entered_;
};

}  // namespace

// GraphQL specification, "Single Root Field", September 2025: neither @skip nor @include at the root.
void SubscriptionSingleRootField(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    const language::OperationDefinition* operation = definition.operation;
    const bool is_subscription =
        operation != nullptr && operation->kind == language::OperationDefinition::Kind::kSubscription;
    if (!is_subscription || definition.type == nullptr) continue;
    RootFields fields(facts, *definition.type, report);
    fields.Collect(operation->selections);
    fields.Check();
  }
}

}  // namespace threefactor::validation::rules
