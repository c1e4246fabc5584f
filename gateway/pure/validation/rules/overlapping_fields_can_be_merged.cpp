#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>

#include "validation/rules.hpp"
#include "validation/same_arguments.hpp"

namespace threefactor::validation::rules {

Mistake MergeMistake(const language::Selection& first, const language::Selection& second) {
  if (first.name != second.name) {
    return fmt::format("selection of both \"{}\" and \"{}\" specify the same response name, \"{}\"", first.name,
                       second.name, first.ResponseKey());
  }
  if (SameArguments(first.arguments, second.arguments)) return std::nullopt;
  return fmt::format("inconsistent arguments between multiple selections of field \"{}\"", second.name);
}

namespace {

using language::Selection;
using schema::Type;

// One mention of a field in a selection set.
struct Mention {
  const Type* parent;
  const Selection* syntax;
  const schema::Field* field;  // null: unknown, or __typename

  bool IsSimple() const { return syntax->arguments.empty() && syntax->selections.empty(); }
};

// The mentions of one response key.
struct Group {
  std::string_view response_key;
  std::vector<Mention> mentions;
  bool is_uniform = true;  // they all ask for the same leaf, so that none conflicts with another

  bool SameAs(const Group& other) const {
    const Mention& mine = mentions.front();
    const Mention& theirs = other.mentions.front();
    return is_uniform && other.is_uniform && mine.parent == theirs.parent && mine.syntax->name == theirs.syntax->name;
  }
};

// What a selection set says directly: fields (those of inline fragments too), and the names of the fragments it
// spreads.
struct Fields {
  std::vector<Group> groups;
  std::unordered_map<std::string_view, std::size_t> positions;  // in groups, by response key
  std::vector<std::string_view> fragments;
  std::unordered_map<std::string_view, bool> compared;  // fragments, and whether as mutually exclusive

  const Group* Find(std::string_view response_key) const {
    const auto found = positions.find(response_key);
    return found == positions.end() ? nullptr : &groups[found->second];
  }
};

struct Conflict {
  std::string_view response_key;
  std::string reason;
  std::vector<std::uint32_t> left;
  std::vector<std::uint32_t> right;
};
using Conflicts = std::vector<Conflict>;

// A mention and the fields below it that conflict, a few at most.
void AppendOffsets(std::vector<std::uint32_t>& all, const std::vector<std::uint32_t>& more) {
  constexpr std::size_t kMost = 20;
  for (std::size_t i = 0; i < more.size() && all.size() < kMost; ++i) all.push_back(more[i]);
}

struct TooComplex {};

bool TypesConflict(const schema::TypeRef& left, const schema::TypeRef& right) {
  if (left.wrappers != right.wrappers) return true;
  return (left.named->IsLeaf() || right.named->IsLeaf()) && left.named != right.named;
}

// Pairs of mentions that may apply to one object are compared, fragments by name so that each pair of them is compared
// once and cycles end. What repetition can still multiply is bounded by a budget.
class Comparison {
 public:
  explicit Comparison(const DocumentFacts& facts) : facts_(facts) {}

  // Throws TooComplex.
  Conflicts Within(const SelectionSetFact& set) {
    Conflicts conflicts;
    Fields& fields = Collected(set.parent, *set.selections);
    for (const Group& group : fields.groups) {
      if (group.is_uniform) continue;
      for (std::size_t i = 0; i < group.mentions.size(); ++i) {
        for (std::size_t j = i + 1; j < group.mentions.size(); ++j) {
          Compare(conflicts, false, group.response_key, group.mentions[i], group.mentions[j]);
        }
      }
    }
    for (std::size_t i = 0; i < fields.fragments.size(); ++i) {
      WithFragment(conflicts, false, fields, fields.fragments[i]);
      for (std::size_t j = i + 1; j < fields.fragments.size(); ++j) {
        BetweenFragments(conflicts, false, fields.fragments[i], fields.fragments[j]);
      }
    }
    return conflicts;
  }

 private:
  // One step of recursion or comparison.
  class Step {
   public:
    explicit Step(Comparison& comparison) : comparison_(comparison) {
      constexpr int kDeepest = 2000;
      if (--comparison_.steps_left_ < 0 || ++comparison_.depth_ > kDeepest) throw TooComplex{};
    }
    ~Step() { --comparison_.depth_; }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Comparison& comparison_;
  };

  Fields& Collected(const Type* parent, const std::vector<Selection>& selections) {
    std::unique_ptr<Fields>& fields = collected_[{parent, &selections}];
    if (fields == nullptr) {
      fields = std::make_unique<Fields>();
      Collect(parent, selections, *fields);
    }
    return *fields;
  }

  Fields* CollectedOf(std::string_view fragment_name) {
    const DefinitionFact* fragment = facts_.FindFragment(fragment_name);
    if (fragment == nullptr) return nullptr;
    return &Collected(facts_.schema->FindType(fragment->fragment->type_condition), fragment->fragment->selections);
  }

  // Recursion as deep as the document nests, which its parser bounds.
  void Collect(const Type* parent, const std::vector<Selection>& selections, Fields& fields) const {
    for (const Selection& selection : selections) {
      switch (selection.kind) {
        case Selection::Kind::kField:
          Add({parent, &selection, parent == nullptr ? nullptr : parent->FindField(selection.name)}, fields);
          break;
        case Selection::Kind::kFragmentSpread:
          if (std::find(fields.fragments.begin(), fields.fragments.end(), selection.name) == fields.fragments.end()) {
            fields.fragments.push_back(selection.name);
          }
          break;
        case Selection::Kind::kInlineFragment:
          Collect(selection.name.empty() ? parent : facts_.schema->FindType(selection.name), selection.selections,
                  fields);
          break;
      }
    }
  }

  static void Add(const Mention& mention, Fields& fields) {
    const std::string_view key = mention.syntax->ResponseKey();
    const auto [position, is_new] = fields.positions.emplace(key, fields.groups.size());
    if (is_new) fields.groups.push_back({key, {}});
    Group& group = fields.groups[position->second];
    const Mention& first = is_new ? mention : group.mentions.front();
    group.is_uniform = group.is_uniform && mention.IsSimple() && mention.parent == first.parent &&
                       mention.syntax->name == first.syntax->name;
    group.mentions.push_back(mention);
  }

  void Between(Conflicts& conflicts, bool exclusive, const Fields& left, const Fields& right) {
    for (const Group& left_group : left.groups) {
      const Step step(*this);
      const Group* right_group = right.Find(left_group.response_key);
      if (right_group == nullptr || left_group.SameAs(*right_group)) continue;
      for (const Mention& left_mention : left_group.mentions) {
        for (const Mention& right_mention : right_group->mentions) {
          Compare(conflicts, exclusive, left_group.response_key, left_mention, right_mention);
        }
      }
    }
  }

  void WithFragment(Conflicts& conflicts, bool exclusive, Fields& fields, std::string_view fragment_name) {
    const Step step(*this);
    if (fields.groups.empty()) return;
    // What was compared as not exclusive needs no other comparison.
    const auto known = fields.compared.find(fragment_name);
    if (known != fields.compared.end() && (!known->second || exclusive)) return;
    fields.compared[fragment_name] = exclusive;
    Fields* fragment = CollectedOf(fragment_name);
    if (fragment == nullptr || fragment == &fields) return;
    Between(conflicts, exclusive, fields, *fragment);
    for (const std::string_view inner : fragment->fragments) WithFragment(conflicts, exclusive, fields, inner);
  }

  void BetweenFragments(Conflicts& conflicts, bool exclusive, std::string_view left_name, std::string_view right_name) {
    const Step step(*this);
    if (left_name == right_name) return;
    const auto key = std::minmax(left_name, right_name);
    const auto known = compared_fragments_.find(key);
    if (known != compared_fragments_.end() && (!known->second || exclusive)) return;
    compared_fragments_[key] = exclusive;
    const Fields* left = CollectedOf(left_name);
    const Fields* right = CollectedOf(right_name);
    if (left == nullptr || right == nullptr) return;
    Between(conflicts, exclusive, *left, *right);
    for (const std::string_view inner : right->fragments) BetweenFragments(conflicts, exclusive, left_name, inner);
    for (const std::string_view inner : left->fragments) BetweenFragments(conflicts, exclusive, inner, right_name);
  }

  void Compare(Conflicts& conflicts, bool exclusive, std::string_view response_key, const Mention& left,
               const Mention& right) {
    const Step step(*this);
    exclusive = exclusive || (left.parent != right.parent && IsObject(left.parent) && IsObject(right.parent));
    if (const auto reason = Differ(exclusive, left, right)) {
      conflicts.push_back({response_key, *reason, {left.syntax->offset}, {right.syntax->offset}});
      return;
    }
    if (left.syntax->selections.empty() || right.syntax->selections.empty()) return;
    const Conflicts below = Below(exclusive, left, right);
    if (below.empty()) return;
    Conflict conflict{response_key, below.front().reason, {left.syntax->offset}, {right.syntax->offset}};
    for (const Conflict& each : below) {
      AppendOffsets(conflict.left, each.left);
      AppendOffsets(conflict.right, each.right);
    }
    conflicts.push_back(std::move(conflict));
  }

  static bool IsObject(const Type* type) { return type != nullptr && type->kind == schema::TypeKind::kObject; }

  // Why two mentions cannot be merged, what is below them apart.
  static Mistake Differ(bool exclusive, const Mention& left, const Mention& right) {
    if (!exclusive) {
      if (auto mistake = MergeMistake(*left.syntax, *right.syntax)) return mistake;
    }
    const bool types_known = left.field != nullptr && right.field != nullptr;
    if (types_known && TypesConflict(left.field->type, right.field->type)) {
      return fmt::format("selections of '{}' have the types {} and {}", left.syntax->ResponseKey(),
                         left.field->type.ToString(), right.field->type.ToString());
    }
    return std::nullopt;
  }

  Conflicts Below(bool exclusive, const Mention& left, const Mention& right) {
    const auto fields_of = [&](const Mention& mention) -> Fields& {
      return Collected(mention.field == nullptr ? nullptr : mention.field->type.named, mention.syntax->selections);
    };
    Conflicts conflicts;
    Fields& left_fields = fields_of(left);
    Fields& right_fields = fields_of(right);
    Between(conflicts, exclusive, left_fields, right_fields);
    for (const std::string_view name : right_fields.fragments) WithFragment(conflicts, exclusive, left_fields, name);
    for (const std::string_view name : left_fields.fragments) WithFragment(conflicts, exclusive, right_fields, name);
    for (const std::string_view left_name : left_fields.fragments) {
      for (const std::string_view right_name : right_fields.fragments) {
        BetweenFragments(conflicts, exclusive, left_name, right_name);
      }
    }
    return conflicts;
  }

  const DocumentFacts& facts_;
  std::map<std::pair<const Type*, const std::vector<Selection>*>, std::unique_ptr<Fields>> collected_;
  std::map<std::pair<std::string_view, std::string_view>, bool> compared_fragments_;  // and whether as exclusive
  int steps_left_ = 500'000;                                                          // some milliseconds
  int depth_ = 0;
};

}  // namespace

// GraphQL specification, "Field Selection Merging".
void OverlappingFieldsCanBeMerged(const DocumentFacts& facts, Report& report) {
  Comparison comparison(facts);
  try {
    for (const SelectionSetFact& set : facts.selection_sets) {
      if (report.IsFull()) return;
      for (Conflict& conflict : comparison.Within(set)) {
        conflict.left.insert(conflict.left.end(), conflict.right.begin(), conflict.right.end());
        report.Add(std::move(conflict.reason), std::move(conflict.left));
      }
    }
  } catch (const TooComplex&) {
    report.Add("the document mentions fields with the same response name too often to compare them", {});
  }
}

}  // namespace threefactor::validation::rules
