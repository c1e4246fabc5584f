// The GraphQL type system of one role: types, fields and input fields, each bound to what it means in the database.
// Built once from a Catalog (build.cpp), immutable afterwards and shared by all threads.
// Terms: GraphQL specification, section 3. Names and order: gateway/dialect/README.md.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/catalog.hpp"

namespace threefactor::schema {

// No catalog makes an interface or a union: they are there for type systems written in the definition language, by
// which test/validate proves the rules of validation.
enum class TypeKind : std::uint8_t { kScalar, kObject, kInterface, kUnion, kEnum, kInputObject };

struct Type;

// A named type with its wrappers, outermost first: [Int!]! is {kNonNull, kList, kNonNull} around Int.
enum class Wrapper : std::uint8_t { kNonNull, kList };
struct TypeRef {
  const Type* named = nullptr;
  std::vector<Wrapper> wrappers;
  bool IsNonNull() const { return !wrappers.empty() && wrappers.front() == Wrapper::kNonNull; }
  std::string ToString() const;  // "[Int!]!"
};

// What an input field or argument means.
enum class InputKind {
  kArgument,  // an argument known by its name alone: where, order_by, limit, offset, distinct_on, objects, object ...
  kAnd,
  kOr,
  kNot,
  kCompareColumn,     // in t_bool_exp: a column or a scalar computed field; column set
  kCompareRows,       // in t_bool_exp: some row of a relationship or of a computed field
  kCompareAggregate,  // in t_bool_exp: an aggregate over the rows of a relationship
  kOperator,          // in X_comparison_exp; name is the operator: _eq ...
  kPredicate,         // a part of a condition known by its name alone: in t_aggregate_bool_exp; where of on_conflict
  kOrderColumn,       // in t_order_by: as kCompareColumn
  kOrderRows,      // in t_order_by: by the row of a relationship, or by aggregates over its or a computed field's rows
  kSetColumn,      // in t_insert_input, t_set_input, t_inc_input, t_pk_columns_input; arguments of by_pk, functions
  kInsertRelated,  // in t_insert_input; relationship set
};

struct InputField {
  std::string name;
  std::string description;
  TypeRef type;
  std::optional<std::string> default_value;  // GraphQL literal, as introspection prints it
  InputKind kind = InputKind::kArgument;
  const Table* table = nullptr;  // the table whose columns it concerns; for a relationship, its target
  const Column* column = nullptr;
  const Relationship* relationship = nullptr;
  const ComputedField* computed = nullptr;  // then `column` is the type of its value
  bool takes_array = false;  // its innermost list is one Postgres array, for which the literal "{a,b}" may stand
};

// What a field resolves to.
enum class FieldKind {
  kTypename,  // __typename, on every object type; not listed in Type::fields
  kIntrospectSchema,
  kIntrospectType,
  kIntrospection,    // every field below __schema and __type
  kPlaceholder,      // no_queries_available
  kSelect,           // root: t(...), or the rows of a function
  kSelectByPk,       // root: t_by_pk(...)
  kSelectAggregate,  // root: t_aggregate(...), or over the rows of a function
  kSelectRow,        // root: the one row of a function
  kInsert,
  kInsertOne,
  kUpdate,
  kUpdateByPk,
  kUpdateMany,
  kDelete,
  kDeleteByPk,
  kAffectedRows,
  kReturning,
  kColumn,
  kObjectRelationship,
  kArrayRelationship,
  kArrayRelationshipAggregate,
  kComputedValue,
  kComputedRow,
  kComputedRows,
  kAggregate,          // t_aggregate.aggregate
  kNodes,              // t_aggregate.nodes
  kCount,              // t_aggregate_fields.count
  kAggregateOperator,  // t_aggregate_fields.sum ...; name is the operator
  kAggregateColumn,    // t_sum_fields.<column>
};

struct Field {
  std::string name;
  std::string description;
  std::vector<InputField> arguments;  // alphabetical
  TypeRef type;
  FieldKind kind = FieldKind::kColumn;
  const Table* table = nullptr;  // the table that is read or written; for a relationship, its target
  const Column* column = nullptr;
  const Relationship* relationship = nullptr;
  const Function* function = nullptr;  // what is called
  std::string aggregate_operator;      // kAggregateColumn: sum, avg ...

  const InputField* FindArgument(std::string_view argument_name) const;
};

struct EnumValue {
  std::string name;
  std::string description;
  const Column* column = nullptr;  // t_select_column, t_update_column
  std::size_t position = 0;        // among the values as messages list them
};

struct Type {
  TypeKind kind = TypeKind::kScalar;
  bool is_one_of = false;  // kInputObject
  std::string name;
  std::string description;
  std::vector<Field> fields;             // kObject and kInterface, alphabetical
  std::vector<InputField> input_fields;  // kInputObject, alphabetical
  std::vector<EnumValue> values;         // kEnum, alphabetical
  const Table* table = nullptr;          // the table it describes, if any

  const Field* FindField(std::string_view field_name) const;            // binary search; null: none
  const InputField* FindInputField(std::string_view field_name) const;  // likewise
  const EnumValue* FindValue(std::string_view value_name) const;        // likewise

  bool IsLeaf() const { return kind == TypeKind::kScalar || kind == TypeKind::kEnum; }
  bool IsInput() const { return IsLeaf() || kind == TypeKind::kInputObject; }
  bool IsComposite() const { return !IsInput(); }
};

struct Directive {
  std::string name;
  std::string description;
  std::vector<std::string> locations;  // "FIELD", "FRAGMENT_SPREAD" ...
  std::vector<InputField> arguments;   // alphabetical
  bool is_repeatable = false;
};

// Owns its types; pointers between them, and into the catalog it keeps, stay valid as long as it lives.
class Schema {
 public:
  explicit Schema(std::shared_ptr<const Catalog> catalog) : catalog_(std::move(catalog)) {}
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const Catalog& catalog() const { return *catalog_; }
  const Type* query() const { return query_; }
  const Type* mutation() const { return mutation_; }  // null: the role may change nothing
  const Type* subscription() const { return subscription_; }
  const Type* FindType(std::string_view name) const;  // null: none
  const std::map<std::string, const Type*, std::less<>>& types() const { return by_name_; }
  const std::vector<Directive>& directives() const { return directives_; }
  const Directive* FindDirective(std::string_view name) const;  // null: none
  // What has no place in the API, those of the catalog included: for the log and for get_inconsistent_metadata.
  const std::vector<Omission>& omissions() const { return omissions_; }
  // __typename, __schema and __type: fields that exist without being listed.
  const Field* FindRootMetaField(std::string_view name) const;
  // The field of that name on a composite type, meta fields included; null: none.
  const Field* FindField(const Type& parent, std::string_view name) const;
  // Whether an object can be of both composite types (GraphQL specification, section 5.5.2.3).
  bool Overlap(const Type& left, const Type& right) const;

 private:
  friend class SchemaBuilder;
  std::shared_ptr<const Catalog> catalog_;
  std::deque<Type> storage_;
  std::map<std::string, const Type*, std::less<>> by_name_;
  std::unordered_map<const Type*, std::vector<const Type*>> possible_types_;  // of interfaces and unions
  std::vector<Directive> directives_;
  std::vector<Omission> omissions_;
  const Type* query_ = nullptr;
  const Type* mutation_ = nullptr;
  const Type* subscription_ = nullptr;
  Field typename_field_;
  Field schema_field_;
  Field type_field_;
};

// Builds every type of the dialect that the catalog's role may use.
std::shared_ptr<const Schema> BuildSchema(std::shared_ptr<const Catalog> catalog);

}  // namespace threefactor::schema
