// Catalog -> Schema. Internal to this folder: build.cpp is the path, each other file fills the types of one idea.
// First every type of every table is declared (empty), then filled, so that types may refer to each other freely.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/type_system.hpp"

namespace threefactor::schema {

// The types of one table; null: the role has no use for it.
struct TableTypes {
  const Table* table = nullptr;
  Type* object = nullptr;  // set exactly if the role may read some column
  Type* filter = nullptr;
  Type* order = nullptr;
  Type* select_column = nullptr;
  Type* aggregate = nullptr;  // null too: the role may not aggregate; likewise the next one and aggregate_order
  Type* aggregate_fields = nullptr;
  Type* insert_input = nullptr;
  Type* on_conflict = nullptr;
  Type* constraint = nullptr;
  Type* update_column = nullptr;
  Type* set_input = nullptr;
  Type* increment_input = nullptr;
  Type* primary_key_input = nullptr;
  Type* mutation_response = nullptr;
  Type* updates = nullptr;
  Type* aggregate_order = nullptr;
  struct JsonInput {
    std::string name;  // _append ...
    std::string description;
    Type* type = nullptr;
  };
  std::vector<JsonInput> json_inputs;
};

class SchemaBuilder {
 public:
  explicit SchemaBuilder(std::shared_ptr<const Catalog> catalog)
      : schema_(std::make_shared<Schema>(std::move(catalog))) {}
  std::shared_ptr<const Schema> Build();

 protected:
  // For a type system that is not a catalog's: types are declared, then filled, then sorted.
  void BuildIntrospection();  // meta.cpp
  Type& Declare(TypeKind kind, std::string name, std::string description);
  Type* Find(std::string_view name);
  Type& Scalar(std::string_view name);  // scalars.cpp; declares it if need be
  void AddDirective(Directive directive) { schema_->directives_.push_back(std::move(directive)); }
  void AddPossibleType(const Type& abstract, const Type& object) {
    schema_->possible_types_[&abstract].push_back(&object);
  }
  void SetRoots(const Type* query, const Type* mutation, const Type* subscription) {
    schema_->query_ = query;
    schema_->mutation_ = mutation;
    schema_->subscription_ = subscription;
  }
  void Finish();
  std::shared_ptr<Schema> schema_;

 private:
  // build.cpp
  void DeclareTables();
  bool HasPlace(const Table& table);
  void DeclareTypes(TableTypes& types);
  bool CanJoin(const Table& table, const Relationship& relationship) const;
  bool CanInsertAlong(const Table& table, const Relationship& relationship) const;
  const Table& Target(const Relationship& relationship) const;
  const TableTypes& TypesOf(const Table& table) const;

  // scalars.cpp
  TypeRef ColumnType(const Column& column);  // without the outer "!"
  void DeclareOrderBy();
  void DeclareEnums();

  // objects.cpp
  void FillObject(const TableTypes& types);
  std::vector<InputField> ListArguments(const TableTypes& types);
  std::vector<InputField> PrimaryKeyArguments(const Table& table);
  void FillSelectColumn(const TableTypes& types);

  // filters.cpp
  void DeclareComparisons();
  void FillFilter(const TableTypes& types);
  void FillOrder(const TableTypes& types);
  void FillAggregateOrder(const TableTypes& types);
  Type* Comparison(const Column& column);
  Type& DeclareComparison(const Column& column);  // if it is not yet
  void FillComparison(Type& type, const Column& column);

  // spatial.cpp
  void AddSpatialOperators(Type& comparison, const Column& column);
  Type& SpatialInput(const std::string& name, std::vector<InputField> members);

  // aggregates.cpp
  void FillAggregate(const TableTypes& types);

  // aggregate_filters.cpp
  Type& AggregateFilter(const TableTypes& types);

  // functions.cpp
  void DeclareFunctionScalars(const Function& function);
  // The field's type, kind, table, function and arguments; false: the role does not see what it returns, or the name of
  // the arguments' type is taken.
  bool FillFunction(Field& field, const Function& function, const std::string& arguments_type,
                    std::string about_arguments);
  void FillComputedFields(const TableTypes& types);
  void AddFunctionFields(Type& root, bool of_mutations);

  // mutations.cpp
  void FillInsert(const TableTypes& types);
  Type& RelatedInsert(const TableTypes& target, bool is_array);
  void FillUpdate(TableTypes& types);
  void FillJsonInputs(TableTypes& types);
  void FillResponse(const TableTypes& types);

  // roots.cpp
  void BuildQuery();
  void BuildMutation();
  void OmitRepeated(Type& root);
  void AddInsertFields(const TableTypes& types, Type& mutation);
  void AddUpdateFields(const TableTypes& types, Type& mutation);
  void AddDeleteFields(const TableTypes& types, Type& mutation);

  // meta.cpp
  void BuildDirectives();

  std::vector<TableTypes> tables_;  // one per table of the catalog, in its order
  // Every name that a table has or may bring along, and by what it is taken; the roots, which are declared last, are
  // here from the start.
  std::unordered_map<std::string, std::string> names_of_tables_ = {
      {"query_root", "a type"}, {"mutation_root", "a type"}, {"subscription_root", "a type"}};
  Type* order_by_ = nullptr;
};

// What the role may do, as far as it can be named in GraphQL.
bool IsReadable(const Column& column);
bool IsInsertable(const Column& column);
bool IsUpdatable(const Column& column);
bool CanReadAndUpdate(const Column& column);  // its new value may be made of the old one
bool CanReadPrimaryKey(const Table& table);
bool IsConflictTarget(const Constraint& constraint, const Table& table);  // ON CONFLICT may name it

// The wrappers of the dialect's types.
TypeRef Nullable(const Type& type);     // T
TypeRef NonNull(const Type& type);      // T!
TypeRef ListOf(const Type& type);       // [T!]
TypeRef NonNullList(const Type& type);  // [T!]!
TypeRef NonNull(TypeRef type);

InputField Argument(std::string name, std::string description, TypeRef type);

// The reason of an omission.
std::string NameIsTaken(std::string_view name, std::string_view by);

}  // namespace threefactor::schema
