#include "validation/document_facts.hpp"

#include <algorithm>
#include <unordered_set>

namespace threefactor::validation {

namespace {

using language::OperationDefinition;
using schema::Type;
using schema::TypeKind;

const Type* CompositeOrNull(const Type* type) {
  return type != nullptr && type->IsComposite() ? type : nullptr;
}

// Null places have no type; those of a known type are looked into.
const Type* NamedOf(const Place& place) {
  return place.type == nullptr ? nullptr : place.type->named;
}

class Walk {
 public:
  Walk(const schema::Schema& schema, const language::Document& document) : schema_(schema), document_(document) {
    facts_.schema = &schema;
    facts_.document = &document;
  }

  DocumentFacts Take() {
    Declare();
    for (DefinitionFact& definition : facts_.definitions) {
      definition_ = &definition;
      if (definition.operation != nullptr) {
        Operation(*definition.operation);
      } else {
        Directives(definition.fragment->directives, "FRAGMENT_DEFINITION");
        SelectionSet(definition.fragment->selections, definition.type);
      }
    }
    return std::move(facts_);
  }

 private:
  void Declare() {
    for (const OperationDefinition& operation : document_.operations) {
      DefinitionFact& definition = facts_.definitions.emplace_back();
      definition.operation = &operation;
      definition.type = RootOf(operation.kind);
    }
    for (const language::FragmentDefinition& fragment : document_.fragments) {
      DefinitionFact& definition = facts_.definitions.emplace_back();
      definition.fragment = &fragment;
      definition.type = CompositeOrNull(schema_.FindType(fragment.type_condition));
    }
    const auto offset = [](const DefinitionFact& definition) {
      return definition.operation != nullptr ? definition.operation->offset : definition.fragment->offset;
    };
    std::sort(facts_.definitions.begin(), facts_.definitions.end(),
              [&](const DefinitionFact& a, const DefinitionFact& b) { return offset(a) < offset(b); });
    for (const DefinitionFact& definition : facts_.definitions) {
      if (definition.fragment != nullptr) facts_.fragments[definition.fragment->name] = &definition;
    }
  }

  const Type* RootOf(OperationDefinition::Kind kind) const {
    switch (kind) {
      case OperationDefinition::Kind::kMutation:
        return schema_.mutation();
      case OperationDefinition::Kind::kSubscription:
        return schema_.subscription();
      case OperationDefinition::Kind::kQuery:
        break;
    }
    return schema_.query();
  }

  void Operation(const OperationDefinition& operation) {
    // First all of them: values point to their types.
    for (const language::VariableDefinition& syntax : operation.variables) {
      definition_->variables.push_back({&syntax, TypeOf(syntax.type)});
    }
    for (const VariableFact& variable : definition_->variables) {
      if (variable.syntax->default_value) {
        const bool is_input = variable.type.named != nullptr && variable.type.named->IsInput();
        facts_.values.push_back({&*variable.syntax->default_value, {is_input ? &variable.type : nullptr}});
      }
      Directives(variable.syntax->directives, "VARIABLE_DEFINITION");
    }
    Directives(operation.directives, operation.kind == OperationDefinition::Kind::kQuery      ? "QUERY"
                                     : operation.kind == OperationDefinition::Kind::kMutation ? "MUTATION"
                                                                                              : "SUBSCRIPTION");
    SelectionSet(operation.selections, definition_->type);
  }

  schema::TypeRef TypeOf(const language::TypeReference& reference) const {
    schema::TypeRef type{schema_.FindType(reference.name), {}};
    type.wrappers.reserve(reference.wrappers.size());
    for (const auto wrapper : reference.wrappers) {
      type.wrappers.push_back(wrapper == language::TypeReference::Wrapper::kList ? schema::Wrapper::kList
                                                                                 : schema::Wrapper::kNonNull);
    }
    return type;
  }

  void SelectionSet(const std::vector<language::Selection>& selections, const Type* parent) {
    if (selections.empty()) return;
    facts_.selection_sets.push_back({&selections, parent});
    Selections(selections, parent);
  }

  void Selections(const std::vector<language::Selection>& selections, const Type* parent) {
    for (const language::Selection& selection : selections) {
      switch (selection.kind) {
        case language::Selection::Kind::kField:
          Field(selection, parent);
          break;
        case language::Selection::Kind::kFragmentSpread:
          Spread(selection, parent);
          break;
        case language::Selection::Kind::kInlineFragment:
          InlineFragment(selection, parent);
          break;
      }
    }
  }

  void Field(const language::Selection& syntax, const Type* parent) {
    const schema::Field* field = parent == nullptr ? nullptr : schema_.FindField(*parent, syntax.name);
    facts_.fields.push_back({&syntax, parent, field});
    Arguments(syntax.arguments, field == nullptr ? nullptr : &field->arguments, syntax.name, syntax.offset);
    Directives(syntax.directives, "FIELD");
    SelectionSet(syntax.selections, field == nullptr ? nullptr : CompositeOrNull(field->type.named));
  }

  void Spread(const language::Selection& syntax, const Type* parent) {
    const DefinitionFact* fragment = facts_.FindFragment(syntax.name);
    facts_.inserted_fragments.push_back({&syntax, parent, fragment == nullptr ? nullptr : fragment->type,
                                         fragment == nullptr ? nullptr : fragment->fragment});
    definition_->spreads.push_back(&syntax);
    Directives(syntax.directives, "FRAGMENT_SPREAD");
  }

  void InlineFragment(const language::Selection& syntax, const Type* parent) {
    const Type* condition = syntax.name.empty() ? parent : schema_.FindType(syntax.name);
    facts_.inserted_fragments.push_back({&syntax, parent, condition, nullptr});
    Directives(syntax.directives, "INLINE_FRAGMENT");
    Selections(syntax.selections, CompositeOrNull(condition));
  }

  void Directives(const std::vector<language::Directive>& list, std::string_view location) {
    if (list.empty()) return;
    facts_.directives.push_back({&list, location});
    for (const language::Directive& directive : list) {
      const schema::Directive* known = schema_.FindDirective(directive.name);
      Arguments(directive.arguments, known == nullptr ? nullptr : &known->arguments, directive.name, directive.offset);
    }
  }

  void Arguments(const std::vector<language::Argument>& given, const std::vector<schema::InputField>* declared,
                 std::string_view owner, std::uint32_t owner_offset) {
    facts_.arguments.push_back({&given, declared, owner, owner_offset});
    for (const language::Argument& argument : given) {
      const schema::InputField* field = nullptr;
      if (declared != nullptr) {
        const auto found = std::find_if(declared->begin(), declared->end(), [&](const schema::InputField& candidate) {
          return candidate.name == argument.name;
        });
        if (found != declared->end()) field = &*found;
      }
      const Place place{field == nullptr ? nullptr : &field->type};
      facts_.values.push_back({&argument.value, place});
      Mentions({&argument.value, place, field != nullptr && field->default_value.has_value(), nullptr});
    }
  }

  // `at` is a value that may be a variable, or contain some.
  void Mentions(const VariableMention& at) {
    const language::Value& value = *at.syntax;
    switch (value.kind) {
      case language::Value::Kind::kVariable:
        definition_->mentions.push_back(at);
        break;
      case language::Value::Kind::kList: {
        const Place item = at.place.type == nullptr ? at.place : at.place.Item();
        for (const language::Value& each : value.items) Mentions({&each, item, false, nullptr});
        break;
      }
      case language::Value::Kind::kObject: {
        const Type* type = NamedOf(at.place);
        const bool is_object = type != nullptr && type->kind == TypeKind::kInputObject;
        for (const language::ObjectField& member : value.fields) {
          const schema::InputField* field = is_object ? type->FindInputField(member.name) : nullptr;
          Mentions({&member.value,
                    {field == nullptr ? nullptr : &field->type},
                    field != nullptr && field->default_value.has_value(),
                    is_object && type->is_one_of ? type : nullptr});
        }
        break;
      }
      default:
        break;
    }
  }

  const schema::Schema& schema_;
  const language::Document& document_;
  DocumentFacts facts_;
  DefinitionFact* definition_ = nullptr;
};

}  // namespace

const DefinitionFact* DocumentFacts::FindFragment(std::string_view name) const {
  const auto found = fragments.find(name);
  return found == fragments.end() ? nullptr : found->second;
}

DocumentFacts GatherFacts(const schema::Schema& schema, const language::Document& document) {
  return Walk(schema, document).Take();
}

void ForEachReached(const DocumentFacts& facts, const DefinitionFact& from,
                    const std::function<void(const DefinitionFact&)>& visit) {
  std::unordered_set<const DefinitionFact*> seen = {&from};
  std::vector<const DefinitionFact*> open = {&from};
  while (!open.empty()) {
    const DefinitionFact& definition = *open.back();
    open.pop_back();
    visit(definition);
    for (const language::Selection* spread : definition.spreads) {
      const DefinitionFact* fragment = facts.FindFragment(spread->name);
      if (fragment != nullptr && seen.insert(fragment).second) open.push_back(fragment);
    }
  }
}

}  // namespace threefactor::validation
