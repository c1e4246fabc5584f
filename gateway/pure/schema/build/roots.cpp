// query_root, mutation_root and subscription_root.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

// `which`: as custom_root_fields calls it.
Field RootField(const Table& table, std::string_view which, std::string name, std::string description, TypeRef type,
                FieldKind kind) {
  const auto custom_name = table.root_names.find(which);
  const auto custom_comment = table.root_comments.find(which);
  Field field;
  field.name = custom_name == table.root_names.end() ? std::move(name) : custom_name->second;
  field.description = custom_comment == table.root_comments.end() ? std::move(description) : custom_comment->second;
  field.type = std::move(type);
  field.kind = kind;
  field.table = &table;
  return field;
}

// By the root fields of a permission on its table; those of functions have permissions of their own.
bool IsAllowed(const Field& field, const std::optional<std::vector<std::string>>& names) {
  if (field.function != nullptr || !names) return true;
  const std::string_view own = field.kind == FieldKind::kSelect            ? "select"
                               : field.kind == FieldKind::kSelectAggregate ? "select_aggregate"
                                                                           : "select_by_pk";
  return std::find(names->begin(), names->end(), own) != names->end();
}

bool IsNamedByHand(const Field& field) {
  if (field.function != nullptr) return true;  // it was tracked by hand
  const auto& names = field.table->root_names;
  return field.table->is_name_custom ||
         std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.second == field.name; });
}

}  // namespace

void SchemaBuilder::BuildQuery() {
  Type& query = Declare(TypeKind::kObject, "query_root", "");
  for (const TableTypes& types : tables_) {
    if (types.object == nullptr) continue;
    const Table& table = *types.table;
    const std::string& t = table.graphql_name;
    const std::string name = QualifiedName(table.schema, table.name);
    Field& list =
        query.fields.emplace_back(RootField(table, "select", t, fmt::format("fetch data from the table: \"{}\"", name),
                                            NonNullList(*types.object), FieldKind::kSelect));
    list.arguments = ListArguments(types);
    if (types.aggregate != nullptr) {
      Field& aggregate =
          query.fields.emplace_back(RootField(table, "select_aggregate", t + "_aggregate",
                                              fmt::format("fetch aggregated fields from the table: \"{}\"", name),
                                              NonNull(*types.aggregate), FieldKind::kSelectAggregate));
      aggregate.arguments = ListArguments(types);
    }
    if (CanReadPrimaryKey(table)) {
      Field& one = query.fields.emplace_back(
          RootField(table, "select_by_pk", t + "_by_pk",
                    fmt::format("fetch data from the table: \"{}\" using primary key columns", name),
                    Nullable(*types.object), FieldKind::kSelectByPk));
      one.arguments = PrimaryKeyArguments(table);
    }
  }
  AddFunctionFields(query, false);
  OmitRepeated(query);
  std::vector<Field> subscribed = query.fields;
  std::erase_if(query.fields, [](const Field& field) { return !IsAllowed(field, field.table->query_fields); });
  std::erase_if(subscribed, [](const Field& field) { return !IsAllowed(field, field.table->subscription_fields); });
  if (query.fields.empty()) {
    Field& placeholder = query.fields.emplace_back();
    placeholder.name = "no_queries_available";
    placeholder.description =
        "There are no queries available to the current role. Either there are no tables, or the "
        "role may not read any.";
    placeholder.type = NonNull(Scalar("String"));
    placeholder.kind = FieldKind::kPlaceholder;
  }
  if (!subscribed.empty()) {
    Type& subscription = Declare(TypeKind::kObject, "subscription_root", "");
    subscription.fields = std::move(subscribed);
    schema_->subscription_ = &subscription;
  }
  schema_->query_ = &query;
}

void SchemaBuilder::BuildMutation() {
  Type mutation;
  for (const TableTypes& types : tables_) {
    if (types.insert_input != nullptr) AddInsertFields(types, mutation);
    if (types.set_input != nullptr) AddUpdateFields(types, mutation);
    if (types.object != nullptr && types.table->is_deletable) AddDeleteFields(types, mutation);
  }
  AddFunctionFields(mutation, true);
  OmitRepeated(mutation);
  if (mutation.fields.empty()) return;
  Type& declared = Declare(TypeKind::kObject, "mutation_root", "mutation root");
  declared.fields = std::move(mutation.fields);
  schema_->mutation_ = &declared;
}

// Of root fields with one name.
void SchemaBuilder::OmitRepeated(Type& root) {
  std::stable_partition(root.fields.begin(), root.fields.end(), IsNamedByHand);
  std::map<std::string, std::string> owners;
  std::vector<Field> kept;
  for (Field& field : root.fields) {
    const bool is_function = field.function != nullptr;
    const std::string& schema = is_function ? field.function->schema : field.table->schema;
    const std::string& name = is_function ? field.function->name : field.table->name;
    const std::string type = is_function ? "function" : "table";
    const auto [owner, is_new] =
        owners.emplace(field.name, fmt::format("{} \"{}\"", type, QualifiedName(schema, name)));
    if (is_new) {
      kept.push_back(std::move(field));
    } else {
      schema_->omissions_.push_back({type, schema, name, field.name, NameIsTaken(field.name, owner->second)});
    }
  }
  root.fields = std::move(kept);
}

void SchemaBuilder::AddInsertFields(const TableTypes& types, Type& mutation) {
  const Table& table = *types.table;
  const std::string& t = table.graphql_name;
  const std::string name = QualifiedName(table.schema, table.name);
  std::vector<InputField> conflict;
  if (types.on_conflict != nullptr) {
    conflict.push_back(Argument("on_conflict", "upsert condition", Nullable(*types.on_conflict)));
  }
  Field& many = mutation.fields.emplace_back(RootField(table, "insert", "insert_" + t,
                                                       fmt::format("insert data into the table: \"{}\"", name),
                                                       Nullable(*types.mutation_response), FieldKind::kInsert));
  many.arguments = conflict;
  many.arguments.push_back(Argument("objects", "the rows to be inserted", NonNullList(*types.insert_input)));
  if (types.object == nullptr) return;
  Field& one = mutation.fields.emplace_back(RootField(table, "insert_one", "insert_" + t + "_one",
                                                      fmt::format("insert a single row into the table: \"{}\"", name),
                                                      Nullable(*types.object), FieldKind::kInsertOne));
  one.arguments = conflict;
  one.arguments.push_back(Argument("object", "the row to be inserted", NonNull(*types.insert_input)));
}

void SchemaBuilder::AddUpdateFields(const TableTypes& types, Type& mutation) {
  const Table& table = *types.table;
  const std::string& t = table.graphql_name;
  const std::string name = QualifiedName(table.schema, table.name);
  std::vector<InputField> operators;
  operators.push_back(
      Argument("_set", "sets the columns of the filtered rows to the given values", Nullable(*types.set_input)));
  if (types.increment_input != nullptr) {
    operators.push_back(Argument("_inc", "increments the numeric columns with given value of the filtered values",
                                 Nullable(*types.increment_input)));
  }
  for (const auto& [operation, description, type] : types.json_inputs) {
    operators.push_back(Argument(operation, description, Nullable(*type)));
  }
  Field& many = mutation.fields.emplace_back(RootField(table, "update", "update_" + t,
                                                       fmt::format("update data of the table: \"{}\"", name),
                                                       Nullable(*types.mutation_response), FieldKind::kUpdate));
  many.arguments = operators;
  many.arguments.push_back(Argument("where", "filter the rows which have to be updated", NonNull(*types.filter)));
  types.updates->input_fields = many.arguments;
  Field& list = mutation.fields.emplace_back(RootField(
      table, "update_many", "update_" + t + "_many", fmt::format("update multiples rows of table: \"{}\"", name),
      {types.mutation_response, {Wrapper::kList}}, FieldKind::kUpdateMany));
  list.arguments.push_back(Argument("updates", "updates to execute, in order", NonNullList(*types.updates)));
  if (types.primary_key_input == nullptr) return;
  Field& one = mutation.fields.emplace_back(RootField(table, "update_by_pk", "update_" + t + "_by_pk",
                                                      fmt::format("update single row of the table: \"{}\"", name),
                                                      Nullable(*types.object), FieldKind::kUpdateByPk));
  one.arguments = operators;
  one.arguments.push_back(Argument("pk_columns", "", NonNull(*types.primary_key_input)));
}

void SchemaBuilder::AddDeleteFields(const TableTypes& types, Type& mutation) {
  const Table& table = *types.table;
  const std::string& t = table.graphql_name;
  const std::string name = QualifiedName(table.schema, table.name);
  Field& many = mutation.fields.emplace_back(RootField(table, "delete", "delete_" + t,
                                                       fmt::format("delete data from the table: \"{}\"", name),
                                                       Nullable(*types.mutation_response), FieldKind::kDelete));
  many.arguments.push_back(Argument("where", "filter the rows which have to be deleted", NonNull(*types.filter)));
  if (!CanReadPrimaryKey(table)) return;
  Field& one = mutation.fields.emplace_back(RootField(table, "delete_by_pk", "delete_" + t + "_by_pk",
                                                      fmt::format("delete single row from the table: \"{}\"", name),
                                                      Nullable(*types.object), FieldKind::kDeleteByPk));
  one.arguments = PrimaryKeyArguments(table);
}

}  // namespace threefactor::schema
