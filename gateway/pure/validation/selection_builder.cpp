#include "validation/selection_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "validation/directives.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation {

namespace {

using SyntaxKind = language::Selection::Kind;

void Refuse(rules::Mistake mistake, const Path& path) {
  if (mistake) throw Error(code::kValidationFailed, *std::move(mistake), path.text());
}

}  // namespace

// What one selection set collects. Most have few fields: an index is made only for a large one.
class SelectionBuilder::Groups {
 public:
  const std::vector<Group>& list() const { return list_; }

  // Throws Error at `path` when the response key is already that of another field or of other arguments.
  void Add(const language::Selection& mention, const Path& path) {
    const std::string_view key = mention.ResponseKey();
    Group* group = Find(key);
    if (group == nullptr) {
      list_.push_back({key, {&mention}});
      if (!index_.empty()) index_.emplace(key, list_.size() - 1);
      return;
    }
    Refuse(rules::MergeMistake(*group->mentions.front(), mention), path);
    group->mentions.push_back(&mention);
  }

  // Each fragment counts once per selection set. True: this is the first time.
  bool Enter(const language::FragmentDefinition& fragment) { return entered_.insert(&fragment).second; }

 private:
  Group* Find(std::string_view key) {
    constexpr std::size_t kLinear = 16;
    if (list_.size() < kLinear) {
      const auto found =
          std::find_if(list_.begin(), list_.end(), [&](const Group& group) { return group.response_key == key; });
      return found == list_.end() ? nullptr : &*found;
    }
    if (index_.empty()) {
      for (std::size_t i = 0; i < list_.size(); ++i) index_.emplace(list_[i].response_key, i);
    }
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &list_[found->second];
  }

  std::vector<Group> list_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::unordered_set<const language::FragmentDefinition*> entered_;
};

std::vector<Selection> SelectionBuilder::Build(const schema::Type& root,
                                               const std::vector<language::Selection>& selections) {
  const auto key = path_.Key("selectionSet");
  Groups groups;
  Collect(root, selections, groups, 1);
  if (groups.list().size() > static_cast<std::size_t>(limits_.root_fields)) {
    throw Error(code::kValidationFailed,
                fmt::format("the operation has more than {} root fields", limits_.root_fields));
  }
  return BuildGroups(root, groups, 1);
}

std::vector<Selection> SelectionBuilder::BuildLevel(const schema::Type& parent,
                                                    const std::vector<const language::Selection*>& owners, int depth) {
  const auto key = path_.Key("selectionSet");
  Groups groups;
  for (const language::Selection* owner : owners) Collect(parent, owner->selections, groups, depth);
  return BuildGroups(parent, groups, depth);
}

std::vector<Selection> SelectionBuilder::BuildGroups(const schema::Type& parent, const Groups& groups, int depth) {
  std::vector<Selection> selections;
  selections.reserve(groups.list().size());
  for (const Group& group : groups.list()) {
    const auto key = path_.Key(group.response_key);
    selections.push_back(BuildField(parent, group, depth));
  }
  return selections;
}

Selection SelectionBuilder::BuildField(const schema::Type& parent, const Group& group, int depth) {
  const language::Selection& syntax = *group.mentions.front();
  Selection selection;
  selection.field = &FindField(parent, syntax.name);
  selection.response_key = group.response_key;
  selection.parent = &parent;
  selection.path = path_.text();
  selection.arguments = coercion_.Arguments(selection.field->arguments, syntax.arguments, syntax.name);

  for (const language::Selection* mention : group.mentions) {
    const rules::Mistake mistake = rules::LeafMistake(*mention, *selection.field);
    if (!mistake) continue;
    // A selection set that is missing is reported where it should be.
    const std::string_view missing = mention->selections.empty() ? ".selectionSet" : "";
    throw Error(code::kValidationFailed, *mistake, path_.text() + std::string(missing));
  }
  const schema::Type& type = *selection.field->type.named;
  if (type.IsComposite()) selection.selections = BuildLevel(type, group.mentions, depth + 1);
  return selection;
}

const schema::Field& SelectionBuilder::FindField(const schema::Type& parent, std::string_view name) const {
  const schema::Field* field = schema_.FindField(parent, name);
  if (field == nullptr) throw Error(code::kValidationFailed, rules::UnknownField(name, parent), path_.text());
  return *field;
}

void SelectionBuilder::Collect(const schema::Type& parent, const std::vector<language::Selection>& selections,
                               Groups& groups, int depth) {
  if (depth > limits_.SafeDepth()) {
    throw Error(code::kValidationFailed,
                fmt::format("the document is nested deeper than {} levels", limits_.SafeDepth()), path_.text());
  }
  for (const language::Selection& selection : selections) {
    CountField();
    if (selection.kind == SyntaxKind::kField) {
      if (ApplyDirectives(schema_, selection.directives, "FIELD", coercion_, path_)) groups.Add(selection, path_);
    } else {
      CollectFragment(parent, selection, groups, depth);
    }
  }
}

void SelectionBuilder::CollectFragment(const schema::Type& parent, const language::Selection& selection, Groups& groups,
                                       int depth) {
  if (selection.kind == SyntaxKind::kInlineFragment) {
    if (!ApplyDirectives(schema_, selection.directives, "INLINE_FRAGMENT", coercion_, path_)) return;
    if (!selection.name.empty()) CheckTypeCondition(parent, selection.name);
    Collect(parent, selection.selections, groups, depth + 1);
    return;
  }
  if (!ApplyDirectives(schema_, selection.directives, "FRAGMENT_SPREAD", coercion_, path_)) return;
  const language::FragmentDefinition& fragment = fragments_.Find(selection.name, path_);
  if (!groups.Enter(fragment)) return;
  ApplyDirectives(schema_, fragment.directives, "FRAGMENT_DEFINITION", coercion_, path_);
  CheckTypeCondition(parent, fragment.type_condition);
  Collect(parent, fragment.selections, groups, depth + 1);
}

void SelectionBuilder::CheckTypeCondition(const schema::Type& parent, std::string_view type_condition) const {
  if (type_condition == parent.name) return;
  const schema::Type* type = schema_.FindType(type_condition);
  if (type == nullptr) throw Error(code::kValidationFailed, rules::UnknownType(type_condition), path_.text());
  Refuse(rules::FragmentTypeMistake(*type), path_);
  Refuse(rules::SpreadMistake(schema_, *type, parent), path_);
}

void SelectionBuilder::CountField() {
  if (++selected_fields_ <= limits_.selected_fields) return;
  throw Error(code::kValidationFailed,
              fmt::format("the operation selects more than {} fields", limits_.selected_fields));
}

}  // namespace threefactor::validation
