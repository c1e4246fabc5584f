#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

// Every name that a table may bring along, whether or not this role gets it: so that what a table is called does not
// depend on who asks. The last one is a root field; the others are types.
constexpr std::array kSuffixes = std::to_array<std::string_view>({
    "",
    "_aggregate",
    "_aggregate_fields",
    "_avg_fields",
    "_bool_exp",
    "_constraint",
    "_inc_input",
    "_insert_input",
    "_max_fields",
    "_min_fields",
    "_mutation_response",
    "_obj_rel_insert_input",
    "_arr_rel_insert_input",
    "_on_conflict",
    "_order_by",
    "_pk_columns_input",
    "_select_column",
    "_set_input",
    "_stddev_fields",
    "_stddev_pop_fields",
    "_stddev_samp_fields",
    "_sum_fields",
    "_update_column",
    "_var_pop_fields",
    "_var_samp_fields",
    "_variance_fields",
    "_aggregate_order_by",
    "_append_input",
    "_avg_order_by",
    "_delete_at_path_input",
    "_delete_elem_input",
    "_delete_key_input",
    "_enum",
    "_max_order_by",
    "_min_order_by",
    "_prepend_input",
    "_stddev_order_by",
    "_stddev_pop_order_by",
    "_stddev_samp_order_by",
    "_sum_order_by",
    "_updates",
    "_var_pop_order_by",
    "_var_samp_order_by",
    "_variance_order_by",
    "_aggregate_bool_exp",
    "_aggregate_bool_exp_count",
    "_aggregate_bool_exp_bool_and",
    "_aggregate_bool_exp_bool_or",
    "_aggregate_bool_exp_avg",
    "_aggregate_bool_exp_corr",
    "_aggregate_bool_exp_corr_arguments",
    "_aggregate_bool_exp_covar_samp",
    "_aggregate_bool_exp_covar_samp_arguments",
    "_aggregate_bool_exp_max",
    "_aggregate_bool_exp_min",
    "_aggregate_bool_exp_stddev_samp",
    "_aggregate_bool_exp_sum",
    "_aggregate_bool_exp_var_samp",
    "_by_pk",
});

// Of two with the same name the first stays; `omit` is told the name.
template <typename Named, typename Omit>
void SortByName(std::vector<Named>& list, Omit omit) {
  std::stable_sort(list.begin(), list.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  const auto repeated = [&](const Named& a, const Named& b) {
    if (a.name == b.name) omit(b.name);
    return a.name == b.name;
  };
  list.erase(std::unique(list.begin(), list.end(), repeated), list.end());
}

template <typename Predicate>
bool AnyColumn(const Table& table, Predicate predicate) {
  return std::any_of(table.columns.begin(), table.columns.end(), predicate);
}

bool CanBeNamed(const Column& column) {
  return !column.is_hidden && IsPublicName(column.graphql_name) && IsPublicName(column.scalar);
}

}  // namespace

bool IsReadable(const Column& column) {
  return column.may_select && CanBeNamed(column);
}
bool IsInsertable(const Column& column) {
  return column.may_insert && CanBeNamed(column);
}
bool IsUpdatable(const Column& column) {
  return column.may_update && CanBeNamed(column);
}

bool CanReadAndUpdate(const Column& column) {
  return IsReadable(column) && column.may_update;
}

// Postgres wants SELECT on its columns.
bool IsConflictTarget(const Constraint& constraint, const Table& table) {
  return IsPublicName(constraint.name) &&
         std::all_of(constraint.columns.begin(), constraint.columns.end(),
                     [&](int column) { return table.columns[static_cast<std::size_t>(column)].may_select; });
}

bool CanReadPrimaryKey(const Table& table) {
  const std::vector<int>& key = table.primary_key.columns;
  return !key.empty() && std::all_of(key.begin(), key.end(), [&](int column) {
    return IsReadable(table.columns[static_cast<std::size_t>(column)]);
  });
}

TypeRef Nullable(const Type& type) {
  return {&type, {}};
}
TypeRef NonNull(const Type& type) {
  return {&type, {Wrapper::kNonNull}};
}
TypeRef ListOf(const Type& type) {
  return {&type, {Wrapper::kList, Wrapper::kNonNull}};
}
TypeRef NonNullList(const Type& type) {
  return {&type, {Wrapper::kNonNull, Wrapper::kList, Wrapper::kNonNull}};
}

TypeRef NonNull(TypeRef type) {
  type.wrappers.insert(type.wrappers.begin(), Wrapper::kNonNull);
  return type;
}

std::string NameIsTaken(std::string_view name, std::string_view by) {
  return fmt::format("the name \"{}\" is taken by {}", name, by);
}

InputField Argument(std::string name, std::string description, TypeRef type) {
  InputField argument;
  argument.name = std::move(name);
  argument.description = std::move(description);
  argument.type = std::move(type);
  return argument;
}

std::shared_ptr<const Schema> SchemaBuilder::Build() {
  schema_->omissions_ = schema_->catalog().omissions;
  BuildIntrospection();
  BuildDirectives();
  DeclareOrderBy();
  DeclareEnums();
  DeclareComparisons();
  DeclareTables();
  for (TableTypes& types : tables_) {
    if (types.object != nullptr) {
      FillObject(types);
      FillSelectColumn(types);
      FillFilter(types);
      FillOrder(types);
      if (types.aggregate != nullptr) {
        FillAggregate(types);
        FillAggregateOrder(types);
      }
      FillComputedFields(types);
    }
    FillInsert(types);
    FillUpdate(types);
    FillResponse(types);
  }
  BuildQuery();
  BuildMutation();
  Finish();
  return schema_;
}

void SchemaBuilder::DeclareTables() {
  const std::vector<Table>& tables = schema_->catalog().tables;
  tables_.resize(tables.size());
  // A new table takes no name from one that was given it.
  for (const bool custom : {true, false}) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
      tables_[i].table = &tables[i];
      if (tables[i].is_name_custom == custom && HasPlace(tables[i])) DeclareTypes(tables_[i]);
    }
  }
}

bool SchemaBuilder::HasPlace(const Table& table) {
  const auto omit = [&](std::string reason) {
    schema_->omissions_.push_back({"table", table.schema, table.name, "", std::move(reason)});
    return false;
  };
  if (!IsPublicName(table.graphql_name))
    return omit(fmt::format("\"{}\" is not a name in GraphQL", table.graphql_name));
  for (const std::string_view suffix : kSuffixes) {
    const std::string name = table.graphql_name + std::string(suffix);
    const auto taken = names_of_tables_.find(name);
    if (taken != names_of_tables_.end()) return omit(NameIsTaken(name, taken->second));
    const bool is_own_enum = suffix == "_enum" && !table.enum_rows.empty();
    if (!is_own_enum && Find(name) != nullptr) return omit(NameIsTaken(name, "a type"));
  }
  for (const std::string_view suffix : kSuffixes) {
    names_of_tables_.emplace(table.graphql_name + std::string(suffix),
                             fmt::format("table \"{}\"", QualifiedName(table.schema, table.name)));
  }
  return true;
}

void SchemaBuilder::DeclareTypes(TableTypes& types) {
  const Table& table = *types.table;
  const std::string& t = table.graphql_name;
  const std::string name = QualifiedName(table.schema, table.name);
  const bool readable = AnyColumn(table, IsReadable);
  const bool insertable = table.is_insertable && AnyColumn(table, IsInsertable);
  const bool updatable = table.is_updatable && readable && AnyColumn(table, IsUpdatable);
  const bool deletable = table.is_deletable && readable;
  const auto is_target = [&](const Constraint& constraint) { return IsConflictTarget(constraint, table); };
  const bool has_constraint = is_target(table.primary_key) ||
                              std::any_of(table.unique_constraints.begin(), table.unique_constraints.end(), is_target);

  if (readable) {
    types.object =
        &Declare(TypeKind::kObject, t,
                 table.comment.empty() ? fmt::format("columns and relationships of \"{}\"", name) : table.comment);
    types.filter = &Declare(TypeKind::kInputObject, t + "_bool_exp",
                            fmt::format("Boolean expression to filter rows from the table \"{}\". All fields are "
                                        "combined with a logical 'AND'.",
                                        name));
    types.order = &Declare(TypeKind::kInputObject, t + "_order_by",
                           fmt::format("Ordering options when selecting data from \"{}\".", name));
    types.select_column =
        &Declare(TypeKind::kEnum, t + "_select_column", fmt::format("select columns of table \"{}\"", name));
  }
  if (readable && table.may_aggregate) {
    types.aggregate =
        &Declare(TypeKind::kObject, t + "_aggregate", fmt::format("aggregated selection of \"{}\"", name));
    types.aggregate_order = &Declare(TypeKind::kInputObject, t + "_aggregate_order_by",
                                     fmt::format("order by aggregate values of table \"{}\"", name));
    types.aggregate_fields =
        &Declare(TypeKind::kObject, t + "_aggregate_fields", fmt::format("aggregate fields of \"{}\"", name));
  }
  if (insertable) {
    types.insert_input = &Declare(TypeKind::kInputObject, t + "_insert_input",
                                  fmt::format("input type for inserting data into table \"{}\"", name));
    if (readable && has_constraint) {
      types.constraint = &Declare(TypeKind::kEnum, t + "_constraint",
                                  fmt::format("unique or primary key constraints on table \"{}\"", name));
      types.on_conflict = &Declare(TypeKind::kInputObject, t + "_on_conflict",
                                   fmt::format("on_conflict condition type for table \"{}\"", name));
      types.update_column =
          &Declare(TypeKind::kEnum, t + "_update_column", fmt::format("update columns of table \"{}\"", name));
    }
  }
  if (updatable) {
    types.set_input = &Declare(TypeKind::kInputObject, t + "_set_input",
                               fmt::format("input type for updating data in table \"{}\"", name));
    if (AnyColumn(table, [](const Column& column) {
          return CanReadAndUpdate(column) && column.is_numeric && !column.is_array;
        })) {
      types.increment_input =
          &Declare(TypeKind::kInputObject, t + "_inc_input",
                   fmt::format("input type for incrementing numeric columns in table \"{}\"", name));
    }
    types.updates = &Declare(TypeKind::kInputObject, t + "_updates", "");
    if (CanReadPrimaryKey(table)) {
      types.primary_key_input = &Declare(TypeKind::kInputObject, t + "_pk_columns_input",
                                         fmt::format("primary key columns input for table: {}", name));
    }
  }
  if (insertable || updatable || deletable) {
    types.mutation_response = &Declare(TypeKind::kObject, t + "_mutation_response",
                                       fmt::format("response of any mutation on the table \"{}\"", name));
  }
}

void SchemaBuilder::Finish() {
  for (Type& type : schema_->storage_) {
    const auto omit = [&](const std::string& name) {
      const bool is_of_table = type.table != nullptr;
      schema_->omissions_.push_back({"table", is_of_table ? type.table->schema : "",
                                     is_of_table ? type.table->name : "", name,
                                     NameIsTaken(name, fmt::format("another member of type \"{}\"", type.name))});
    };
    for (std::size_t i = 0; i < type.values.size(); ++i) type.values[i].position = i;
    for (Field& field : type.fields) SortByName(field.arguments, omit);
    SortByName(type.fields, omit);
    SortByName(type.input_fields, omit);
    SortByName(type.values, omit);
  }
  SortByName(schema_->directives_, [](const std::string&) {});
}

Type& SchemaBuilder::Declare(TypeKind kind, std::string name, std::string description) {
  Type& type = schema_->storage_.emplace_back();
  type.kind = kind;
  type.name = std::move(name);
  type.description = std::move(description);
  schema_->by_name_.emplace(type.name, &type);
  return type;
}

Type* SchemaBuilder::Find(std::string_view name) {
  const auto found = schema_->by_name_.find(name);
  // The builder made it, and the Schema is not shared yet.
  return found == schema_->by_name_.end() ? nullptr : const_cast<Type*>(found->second);
}

// Its SQL compares the columns of both ends.
bool SchemaBuilder::CanJoin(const Table& table, const Relationship& relationship) const {
  const Table& target = Target(relationship);
  return std::all_of(relationship.columns.begin(), relationship.columns.end(), [&](const auto& pair) {
    return table.columns[static_cast<std::size_t>(pair.first)].may_select &&
           target.columns[static_cast<std::size_t>(pair.second)].may_select;
  });
}

// The row that comes first says what its keys have become, which the other is given.
bool SchemaBuilder::CanInsertAlong(const Table& table, const Relationship& relationship) const {
  const Table& target = Target(relationship);
  return std::all_of(relationship.columns.begin(), relationship.columns.end(), [&](const auto& pair) {
    const Column& own = table.columns[static_cast<std::size_t>(pair.first)];
    const Column& others = target.columns[static_cast<std::size_t>(pair.second)];
    return relationship.after_parent ? own.may_select && others.may_insert : others.may_select && own.may_insert;
  });
}

const Table& SchemaBuilder::Target(const Relationship& relationship) const {
  return schema_->catalog().tables[static_cast<std::size_t>(relationship.target)];
}

const TableTypes& SchemaBuilder::TypesOf(const Table& table) const {
  return tables_[static_cast<std::size_t>(&table - schema_->catalog().tables.data())];
}

std::shared_ptr<const Schema> BuildSchema(std::shared_ptr<const Catalog> catalog) {
  return SchemaBuilder(std::move(catalog)).Build();
}

}  // namespace threefactor::schema
