#include "plan/introspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "validation/operation.hpp"

namespace threefactor::plan {

namespace {

using validation::Selection;

// As graphql-js: a query for tools needs one such list inside `types`, and each more multiplies the answer.
constexpr int kDeepestLists = 3;
// The whole schema of some thousand tables fits.
constexpr std::size_t kLargestAnswer = 128 << 20;

constexpr std::string_view kMultiplyingFields[] = {"fields", "inputFields", "interfaces", "possibleTypes"};

// Recursion as deep as the selections nest, which the validation bounds.
void CheckLists(const Selection& selection, int lists) {
  const bool multiplies = std::find(std::begin(kMultiplyingFields), std::end(kMultiplyingFields),
                                    selection.field->name) != std::end(kMultiplyingFields);
  lists += multiplies ? 1 : 0;
  if (lists >= kDeepestLists) {
    throw Error(code::kValidationFailed, "maximum introspection depth exceeded", selection.path);
  }
  for (const Selection& child : selection.selections) CheckLists(child, lists);
}

// A named type, or what is left of a reference after some of its wrappers.
struct TypeView {
  const schema::Type* named;
  std::span<const schema::Wrapper> wrappers;

  bool IsNamed() const { return wrappers.empty(); }
};

std::string_view KindName(const TypeView& type) {
  if (!type.IsNamed()) return type.wrappers.front() == schema::Wrapper::kList ? "LIST" : "NON_NULL";
  switch (type.named->kind) {
    case schema::TypeKind::kScalar:
      return "SCALAR";
    case schema::TypeKind::kObject:
      return "OBJECT";
    case schema::TypeKind::kInterface:
      return "INTERFACE";
    case schema::TypeKind::kUnion:
      return "UNION";
    case schema::TypeKind::kEnum:
      return "ENUM";
    case schema::TypeKind::kInputObject:
      break;
  }
  return "INPUT_OBJECT";
}

class IntrospectionWriter {
 public:
  explicit IntrospectionWriter(const schema::Schema& schema) : schema_(schema) {}

  std::string Take() const { return writer_.Take(); }

  void WriteSchema(const Selection& selection) {
    WriteObject(selection, [&](const Selection& child) {
      const std::string& name = child.field->name;
      if (name == "types") {
        WriteList(schema_.types(), [&](const auto& entry) { WriteType({entry.second, {}}, child); });
      } else if (name == "queryType") {
        WriteNamedType(schema_.query(), child);
      } else if (name == "mutationType") {
        WriteNamedType(schema_.mutation(), child);
      } else if (name == "subscriptionType") {
        WriteNamedType(schema_.subscription(), child);
      } else if (name == "directives") {
        WriteList(schema_.directives(), [&](const schema::Directive& directive) { WriteDirective(directive, child); });
      } else {
        writer_.Null();  // description
      }
    });
  }

  // `type` may be null.
  void WriteNamedType(const schema::Type* type, const Selection& selection) {
    if (type == nullptr) {
      writer_.Null();
    } else {
      WriteType({type, {}}, selection);
    }
  }

 private:
  void WriteType(const TypeView& type, const Selection& selection) {
    if (writer_.size() > kLargestAnswer) {
      throw Error(code::kValidationFailed, fmt::format("the answer is larger than {} bytes", kLargestAnswer),
                  selection.path);
    }
    WriteObject(selection, [&](const Selection& child) {
      const std::string& name = child.field->name;
      if (name == "kind") {
        writer_.String(KindName(type));
      } else if (name == "ofType") {
        if (type.IsNamed()) {
          writer_.Null();
        } else {
          WriteType({type.named, type.wrappers.subspan(1)}, child);
        }
      } else if (!type.IsNamed()) {
        writer_.Null();  // a wrapper has nothing else
      } else {
        WriteNamedTypeField(*type.named, child);
      }
    });
  }

  void WriteNamedTypeField(const schema::Type& type, const Selection& child) {
    const std::string& name = child.field->name;
    if (name == "name") {
      writer_.String(type.name);
    } else if (name == "description") {
      WriteDescription(type.description);
    } else if (name == "fields" && type.kind == schema::TypeKind::kObject) {
      WriteList(type.fields, [&](const schema::Field& field) { WriteField(field, child); });
    } else if (name == "interfaces" && type.kind == schema::TypeKind::kObject) {
      writer_.StartArray();
      writer_.EndArray();
    } else if (name == "enumValues" && type.kind == schema::TypeKind::kEnum) {
      WriteList(type.values, [&](const schema::EnumValue& value) { WriteEnumValue(value, child); });
    } else if (name == "inputFields" && type.kind == schema::TypeKind::kInputObject) {
      WriteList(type.input_fields, [&](const schema::InputField& field) { WriteInputValue(field, child); });
    } else if (name == "isOneOf" && type.kind == schema::TypeKind::kInputObject) {
      writer_.Bool(false);
    } else {
      writer_.Null();  // specifiedByURL, possibleTypes, and what other kinds have
    }
  }

  void WriteField(const schema::Field& field, const Selection& selection) {
    WriteObject(selection, [&](const Selection& child) {
      const std::string& name = child.field->name;
      if (name == "args") {
        WriteList(field.arguments, [&](const schema::InputField& argument) { WriteInputValue(argument, child); });
      } else if (name == "type") {
        WriteType({field.type.named, field.type.wrappers}, child);
      } else {
        WriteCommon(field.name, field.description, name);
      }
    });
  }

  void WriteInputValue(const schema::InputField& field, const Selection& selection) {
    WriteObject(selection, [&](const Selection& child) {
      const std::string& name = child.field->name;
      if (name == "type") {
        WriteType({field.type.named, field.type.wrappers}, child);
      } else if (name == "defaultValue") {
        if (field.default_value) {
          writer_.String(*field.default_value);
        } else {
          writer_.Null();
        }
      } else {
        WriteCommon(field.name, field.description, name);
      }
    });
  }

  void WriteEnumValue(const schema::EnumValue& value, const Selection& selection) {
    WriteObject(selection,
                [&](const Selection& child) { WriteCommon(value.name, value.description, child.field->name); });
  }

  void WriteDirective(const schema::Directive& directive, const Selection& selection) {
    WriteObject(selection, [&](const Selection& child) {
      const std::string& name = child.field->name;
      if (name == "args") {
        WriteList(directive.arguments, [&](const schema::InputField& argument) { WriteInputValue(argument, child); });
      } else if (name == "locations") {
        WriteList(directive.locations, [&](const std::string& location) { writer_.String(location); });
      } else if (name == "isRepeatable") {
        writer_.Bool(false);
      } else {
        WriteCommon(directive.name, directive.description, name);
      }
    });
  }

  // What every described thing has. Nothing is deprecated yet.
  void WriteCommon(const std::string& name, const std::string& description, const std::string& asked) {
    if (asked == "name") {
      writer_.String(name);
    } else if (asked == "description") {
      WriteDescription(description);
    } else if (asked == "isDeprecated") {
      writer_.Bool(false);
    } else {
      writer_.Null();  // deprecationReason
    }
  }

  template <typename WriteField>
  void WriteObject(const Selection& selection, WriteField write_field) {
    writer_.StartObject();
    for (const Selection& child : selection.selections) {
      writer_.Key(child.response_key);
      if (child.field->kind == schema::FieldKind::kTypename) {
        writer_.String(child.parent->name);
      } else {
        write_field(child);
      }
    }
    writer_.EndObject();
  }

  template <typename List, typename WriteElement>
  void WriteList(const List& list, WriteElement write_element) {
    writer_.StartArray();
    for (const auto& element : list) write_element(element);
    writer_.EndArray();
  }

  void WriteDescription(const std::string& description) {
    if (description.empty()) {
      writer_.Null();
    } else {
      writer_.String(description);
    }
  }

  const schema::Schema& schema_;
  JsonWriter writer_;
};

}  // namespace

std::string Introspect(const schema::Schema& schema, const Selection& selection) {
  CheckLists(selection, 0);
  IntrospectionWriter writer(schema);
  if (selection.field->kind == schema::FieldKind::kIntrospectSchema) {
    writer.WriteSchema(selection);
  } else {
    writer.WriteNamedType(schema.FindType(selection.FindArgument("name")->text), selection);
  }
  return writer.Take();
}

}  // namespace threefactor::plan
