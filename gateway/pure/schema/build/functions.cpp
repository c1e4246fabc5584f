// Tracked functions as root fields, and computed fields (gateway/dialect/functions.md).
#include <fmt/format.h>

#include <algorithm>

#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

bool IsGiven(const FunctionArgument& argument) {
  return argument.role == FunctionArgument::Role::kValue;
}

bool TakesValues(const Function& function) {
  return std::any_of(function.arguments.begin(), function.arguments.end(), IsGiven);
}

// Without a default in the database.
bool NeedsValues(const Function& function) {
  return std::any_of(function.arguments.begin(), function.arguments.end(),
                     [](const FunctionArgument& argument) { return IsGiven(argument) && !argument.has_default; });
}

}  // namespace

void SchemaBuilder::DeclareFunctionScalars(const Function& function) {
  for (const FunctionArgument& argument : function.arguments) {
    if (IsGiven(argument)) Scalar(argument.type.scalar);
  }
  if (function.table < 0) {
    Scalar(function.result.scalar);
    if (!TakesValues(function)) DeclareComparison(function.result);
  }
}

bool SchemaBuilder::FillFunction(Field& field, const Function& function, const std::string& arguments_type,
                                 std::string about_arguments) {
  field.function = &function;
  if (function.table < 0) {
    field.type = ColumnType(function.result);
    field.kind = FieldKind::kComputedValue;
    field.column = &function.result;
  } else {
    const TableTypes& types = tables_[static_cast<std::size_t>(function.table)];
    if (types.object == nullptr) return false;
    field.table = types.table;
    field.type = function.returns_set ? NonNullList(*types.object) : Nullable(*types.object);
    field.kind = function.returns_set ? FieldKind::kSelect : FieldKind::kSelectRow;
    field.arguments = ListArguments(types);
  }
  if (!TakesValues(function)) return true;
  if (Find(arguments_type) != nullptr) {
    schema_->omissions_.push_back(
        {"function", function.schema, function.name, "", NameIsTaken(arguments_type, "another type")});
    return false;
  }
  Type& arguments = Declare(TypeKind::kInputObject, arguments_type, "");
  for (const FunctionArgument& argument : function.arguments) {
    if (!IsGiven(argument)) continue;
    InputField& input = arguments.input_fields.emplace_back();
    input.name = argument.name;
    input.type = ColumnType(argument.type);
    input.kind = InputKind::kSetColumn;
    input.column = &argument.type;
    input.takes_array = argument.type.is_array;
  }
  field.arguments.push_back(
      Argument("args", std::move(about_arguments), NeedsValues(function) ? NonNull(arguments) : Nullable(arguments)));
  return true;
}

void SchemaBuilder::FillComputedFields(const TableTypes& types) {
  for (const ComputedField& computed : types.table->computed_fields) {
    const Function& function = computed.function;
    Field field;
    field.name = computed.name;
    field.description = !computed.comment.empty()   ? computed.comment
                        : !function.comment.empty() ? function.comment
                                                    : fmt::format("A computed field, executes function \"{}\"",
                                                                  QualifiedName(function.schema, function.name));
    if (!FillFunction(field, function, fmt::format("{}_{}_args", computed.name, types.table->graphql_name),
                      fmt::format("input parameters for computed field \"{}\" defined on table \"{}\"", computed.name,
                                  QualifiedName(types.table->schema, types.table->name)))) {
      continue;
    }
    if (function.table >= 0) {
      field.kind = function.returns_set ? FieldKind::kComputedRows : FieldKind::kComputedRow;
      // Nullable, and its aggregates are only ordered by.
      if (function.returns_set) field.type.wrappers.erase(field.type.wrappers.begin());
    } else if (function.result.is_json && !function.result.is_array) {
      field.arguments.push_back(Argument("path", "JSON select path", Nullable(Scalar("String"))));
    }
    types.object->fields.push_back(std::move(field));
    if (TakesValues(function)) continue;

    InputField filter;
    filter.name = computed.name;
    filter.computed = &computed;
    InputField order = filter;
    if (function.table < 0) {
      filter.column = order.column = &function.result;
      filter.table = order.table = types.table;
      filter.type = Nullable(*Comparison(function.result));
      filter.kind = InputKind::kCompareColumn;
      order.type = Nullable(*order_by_);
      order.kind = InputKind::kOrderColumn;
      types.order->input_fields.push_back(std::move(order));
    } else {
      const TableTypes& target = tables_[static_cast<std::size_t>(function.table)];
      filter.table = order.table = target.table;
      filter.type = Nullable(*target.filter);
      filter.kind = InputKind::kCompareRows;
      if (function.returns_set && target.aggregate != nullptr) {
        order.name += "_aggregate";
        order.type = Nullable(*target.aggregate_order);
        order.kind = InputKind::kOrderRows;
        types.order->input_fields.push_back(std::move(order));
      }
    }
    types.filter->input_fields.push_back(std::move(filter));
  }
}

void SchemaBuilder::AddFunctionFields(Type& root, bool of_mutations) {
  for (const Function& function : schema_->catalog().functions) {
    if (function.is_mutation != of_mutations) continue;
    const Table& table = *tables_[static_cast<std::size_t>(function.table)].table;
    const std::string name = QualifiedName(function.schema, function.name);
    const std::string returned = QualifiedName(table.schema, table.name);
    Field field;
    field.name = function.root_name;
    field.description = !function.comment.empty() ? function.comment
                                                  : fmt::format("execute {}function \"{}\" which returns \"{}\"",
                                                                of_mutations ? "VOLATILE " : "", name, returned);
    if (!FillFunction(field, function, function.graphql_name + "_args",
                      fmt::format("input parameters for function \"{}\"", function.graphql_name))) {
      continue;
    }
    root.fields.push_back(field);
    if (of_mutations || !function.returns_set || !table.may_aggregate) continue;
    field.name = function.aggregate_name;
    field.description =
        fmt::format("execute function \"{}\" and query aggregates on result of table type \"{}\"", name, returned);
    field.type = NonNull(*tables_[static_cast<std::size_t>(function.table)].aggregate);
    field.kind = FieldKind::kSelectAggregate;
    root.fields.push_back(std::move(field));
  }
}

}  // namespace threefactor::schema
