// The introspection types (GraphQL specification, section 4.2) and the directives.
#include <initializer_list>

#include "schema/build/builder.hpp"

namespace threefactor::schema {

namespace {

void AddMeta(Type& type, std::string name, TypeRef field_type, std::vector<InputField> arguments = {}) {
  Field& field = type.fields.emplace_back();
  field.name = std::move(name);
  field.type = std::move(field_type);
  field.kind = FieldKind::kIntrospection;
  field.arguments = std::move(arguments);
}

void AddValues(Type& type, std::initializer_list<const char*> names) {
  for (const char* name : names) type.values.push_back({name, "", nullptr});
}

InputField WithDefault(InputField field, std::string literal) {
  field.default_value = std::move(literal);
  return field;
}

}  // namespace

void SchemaBuilder::BuildIntrospection() {
  const Type& string = Scalar("String");
  const Type& boolean = Scalar("Boolean");
  Type& schema = Declare(TypeKind::kObject, "__Schema", "What this server can be asked.");
  Type& type = Declare(TypeKind::kObject, "__Type", "A type, or a list or non-null wrapper around one.");
  Type& type_kind = Declare(TypeKind::kEnum, "__TypeKind", "Which of its fields a __Type has.");
  Type& field = Declare(TypeKind::kObject, "__Field", "A field of an object type.");
  Type& input_value = Declare(TypeKind::kObject, "__InputValue", "An argument, or a field of an input object type.");
  Type& enum_value = Declare(TypeKind::kObject, "__EnumValue", "One of the values of an enum type.");
  Type& directive = Declare(TypeKind::kObject, "__Directive", "A directive that documents may use.");
  Type& location = Declare(TypeKind::kEnum, "__DirectiveLocation", "Where a directive may stand.");

  const std::vector<InputField> include_deprecated = {
      WithDefault(Argument("includeDeprecated", "", Nullable(boolean)), "false")};

  AddMeta(schema, "description", Nullable(string));
  AddMeta(schema, "types", NonNullList(type));
  AddMeta(schema, "queryType", NonNull(type));
  AddMeta(schema, "mutationType", Nullable(type));
  AddMeta(schema, "subscriptionType", Nullable(type));
  AddMeta(schema, "directives", NonNullList(directive));

  AddMeta(type, "kind", NonNull(type_kind));
  AddMeta(type, "name", Nullable(string));
  AddMeta(type, "description", Nullable(string));
  AddMeta(type, "specifiedByURL", Nullable(string));
  AddMeta(type, "fields", ListOf(field), include_deprecated);
  AddMeta(type, "interfaces", ListOf(type));
  AddMeta(type, "possibleTypes", ListOf(type));
  AddMeta(type, "enumValues", ListOf(enum_value), include_deprecated);
  AddMeta(type, "inputFields", ListOf(input_value), include_deprecated);
  AddMeta(type, "ofType", Nullable(type));
  AddMeta(type, "isOneOf", Nullable(boolean));

  AddMeta(field, "name", NonNull(string));
  AddMeta(field, "description", Nullable(string));
  AddMeta(field, "args", NonNullList(input_value), include_deprecated);
  AddMeta(field, "type", NonNull(type));
  AddMeta(field, "isDeprecated", NonNull(boolean));
  AddMeta(field, "deprecationReason", Nullable(string));

  AddMeta(input_value, "name", NonNull(string));
  AddMeta(input_value, "description", Nullable(string));
  AddMeta(input_value, "type", NonNull(type));
  AddMeta(input_value, "defaultValue", Nullable(string));
  AddMeta(input_value, "isDeprecated", NonNull(boolean));
  AddMeta(input_value, "deprecationReason", Nullable(string));

  AddMeta(enum_value, "name", NonNull(string));
  AddMeta(enum_value, "description", Nullable(string));
  AddMeta(enum_value, "isDeprecated", NonNull(boolean));
  AddMeta(enum_value, "deprecationReason", Nullable(string));

  AddMeta(directive, "name", NonNull(string));
  AddMeta(directive, "description", Nullable(string));
  AddMeta(directive, "isRepeatable", NonNull(boolean));
  AddMeta(directive, "locations", NonNullList(location));
  AddMeta(directive, "args", NonNullList(input_value), include_deprecated);

  AddValues(type_kind, {"SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"});
  AddValues(location,
            {"QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
             "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION",
             "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION"});

  Field& type_name = schema_->typename_field_;
  type_name.name = "__typename";
  type_name.type = NonNull(string);
  type_name.kind = FieldKind::kTypename;
  schema_->schema_field_.name = "__schema";
  schema_->schema_field_.type = NonNull(schema);
  schema_->schema_field_.kind = FieldKind::kIntrospectSchema;
  schema_->type_field_.name = "__type";
  schema_->type_field_.type = Nullable(type);
  schema_->type_field_.kind = FieldKind::kIntrospectType;
  schema_->type_field_.arguments.push_back(Argument("name", "name of the type", NonNull(string)));
}

void SchemaBuilder::BuildDirectives() {
  const Type& string = Scalar("String");
  const Type& boolean = Scalar("Boolean");
  const std::vector<std::string> selections = {"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"};
  schema_->directives_ = {
      {"cached",
       "whether this query should be cached",
       {"QUERY"},
       {WithDefault(Argument("refresh", "refresh the cache entry", NonNull(boolean)), "false"),
        WithDefault(Argument("ttl", "measured in seconds", NonNull(Scalar("Int"))), "60")}},
      {"deprecated",
       "whether this part of the API should no longer be used",
       {"ARGUMENT_DEFINITION", "ENUM_VALUE", "FIELD_DEFINITION", "INPUT_FIELD_DEFINITION"},
       {WithDefault(Argument("reason", "why, and what to use instead", Nullable(string)), "\"No longer supported\"")}},
      {"include", "whether this query should be included", selections, {Argument("if", "", NonNull(boolean))}},
      {"skip", "whether this query should be skipped", selections, {Argument("if", "", NonNull(boolean))}},
      {"specifiedBy",
       "where the behaviour of this scalar is specified",
       {"SCALAR"},
       {Argument("url", "", NonNull(string))}},
  };
}

}  // namespace threefactor::schema
