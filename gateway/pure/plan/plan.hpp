// What an operation does to the database, without any SQL: plain data between planner and sql.
// Points into the schema's catalog and the validated operation, which must outlive it. Terms: the pages of
// gateway/dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "schema/catalog.hpp"
#include "validation/operation.hpp"

namespace threefactor::plan {

// A value as Postgres reads it from text; nullopt: NULL. Always becomes a parameter.
struct Text : std::optional<std::string> {
  using std::optional<std::string>::optional;
  const validation::Value* source = nullptr;  // what it is all of the text of; null: it was made otherwise
};

// An operator of a comparison (operators.cpp has them all).
struct Operator {
  enum class Form {
    kBinary,    // column sql value
    kAny,       // column sql ANY (value)
    kSimilar,   // column sql the regular expression that SIMILAR TO makes of the value
    kFunction,  // of PostGIS: sql(column, value), or with the members of an object as `members` says
  };
  std::string_view name;     // _eq ...
  std::string_view sql;      // "=" ...: the operator itself, as LIKE cannot be qualified
  bool is_negated = false;   // NOT (...)
  std::string_view operand;  // type of the value; "": the column's; "[]": a list of the column's; "ltree.": of ltree
  Form form = Form::kBinary;
  struct Member {
    std::string_view name;
    std::string_view type;  // as `operand`; "geometry": in the schema of PostGIS
  };
  std::span<const Member> members{};
};

// A function with the arguments it is called with.
struct Call {
  struct Argument {
    const schema::FunctionArgument* argument = nullptr;
    Text value;             // of Role::kValue
    bool is_named = false;  // one before it is left to its default
  };
  const schema::Function* function = nullptr;  // null: nothing is called
  std::vector<Argument> arguments;             // without those that are left to their defaults
};

// From a row of `from` to rows of `to`: along a relationship, or by calling a computed field's function with the row.
struct Join {
  const schema::Table* from = nullptr;
  const schema::Table* to = nullptr;
  const schema::Relationship* relationship = nullptr;
  Call call;
};

// What rows are compared or ordered by: a column, a computed field's value, or an aggregate.
struct Operand {
  const schema::Column* column = nullptr;  // of what type it is; also which, unless one of the following is set
  Call call;
  std::string aggregate;                       // count, sum ...: over rows
  std::vector<const schema::Column*> columns;  // of the aggregate; none: rows are counted
  bool is_distinct = false;
  std::string_view cast;  // text, geometry or geography: what it is cast to
};

struct Condition {
  enum class Kind {
    kAnd,  // of `parts`; of none: true
    kOr,   // of `parts`; of none: false
    kNot,  // of its only part
    kCompare,
    kIsNull,
    kIsNotNull,
    kExists,     // a row at the other end of `join` that fulfils the only part
    kAggregate,  // of the rows at the other end that fulfil the first part, the aggregates fulfil the second
  };
  Kind kind = Kind::kAnd;
  std::vector<Condition> parts;
  Operand operand;
  const Operator* comparison = nullptr;
  Text value;
  std::vector<std::pair<Text, std::string_view>> arguments;  // instead, of a function: with their types
  Join join;
};

struct Order {
  std::vector<Join>
      path;  // object relationships, then at most one that leads to several rows: the aggregate is over them
  Operand operand;
  std::string_view direction;  // SQL
};

// Which rows of a table, in which order.
struct Rows {
  const schema::Table* table = nullptr;
  Call call;  // the function that returns them; else they are the table's
  Condition where;
  std::vector<Order> order_by;
  std::vector<const schema::Column*> distinct_on;
  std::optional<std::int32_t> limit;  // not a parameter: what it is decides the plan (sql/DECISIONS.md)
  Text offset;
};

struct Output;

// A member of t_aggregate and of the objects below it.
struct AggregateOutput {
  enum class Kind {
    kConstant,  // JSON text
    kGroup,     // an object of `parts`
    kCount,     // of `columns`; of none: of rows
    kFunction,  // `function` of the only column
    kNodes,     // the rows themselves
  };
  Kind kind = Kind::kConstant;
  std::string key;
  std::string constant;
  std::vector<AggregateOutput> parts;
  std::string function;
  std::vector<const schema::Column*> columns;
  bool is_distinct = false;
  std::vector<Output> nodes;
  std::optional<std::int32_t> limit;  // most nodes, where aggregates are of more rows
};

// A member of a JSON object that is made from a row. At the root there is no row, and `join` is empty.
struct Output {
  enum class Kind {
    kConstant,   // JSON text
    kColumn,     // of the row
    kComputed,   // a value, by `call`
    kObject,     // the one row of `rows`, or null
    kArray,      // all of `rows`
    kAggregate,  // over `rows`
  };
  Kind kind = Kind::kConstant;
  std::string key;
  std::string constant;
  const schema::Column* column = nullptr;
  Call call;
  Text json_path;  // text[] of keys into a json column
  Join join;       // without a relationship: `rows` are of the root, or of a function called with the row
  Rows rows;
  std::vector<Output> members;              // kObject, kArray
  std::vector<AggregateOutput> aggregates;  // kAggregate
};

// column = value, column = column op value, or column = DEFAULT.
struct Assignment {
  enum class Kind {
    kSet,
    kIncrement,
    kMultiply,
    kDefault,  // no value
    kAppend,
    kPrepend,
    kDeleteKey,
    kDeleteElement,
    kDeleteAtPath
  };
  Kind kind = Kind::kSet;
  const schema::Column* column = nullptr;
  Text value;
};

struct Conflict {
  const schema::Constraint* constraint = nullptr;
  std::vector<const schema::Column*> update;  // none: DO NOTHING
  Condition where;
};

// A member of t_mutation_response.
struct WriteOutput {
  enum class Kind { kConstant, kAffectedRows, kReturning };
  Kind kind = Kind::kConstant;
  std::string key;
  std::string constant;
  std::vector<Output> members;  // kReturning
};

struct RelatedInsert;

// One INSERT, and what is inserted before and after it; these only where it is of one object.
struct Insert {
  const schema::Table* table = nullptr;
  // One cell per column and row; no cell: DEFAULT.
  std::vector<const schema::Column*> columns;
  std::vector<std::vector<std::optional<Text>>> objects;
  std::optional<Conflict> conflict;
  std::string path;                   // where its errors are reported
  std::vector<RelatedInsert> before;  // whose keys this row takes
  std::vector<RelatedInsert> after;   // which take this row's keys
};

struct RelatedInsert {
  const schema::Relationship* relationship = nullptr;
  std::string path;  // of the relationship in the request
  std::vector<Insert> inserts;
};

struct Write {
  enum class Kind { kInsert, kUpdate, kDelete };
  Kind kind = Kind::kInsert;
  const schema::Table* table = nullptr;
  std::vector<Insert> inserts;  // kInsert: in this order; several only where some object brings others along
  // kUpdate: none changes nothing and touches no row.
  std::vector<Assignment> assignments;
  Condition where;  // kUpdate, kDelete
  // Either the row itself, or null, or the response object.
  bool is_single = false;
  std::vector<Output> members;        // is_single
  std::vector<WriteOutput> response;  // otherwise
};

// A root field and its place in the response.
struct Root {
  std::string key;
  std::variant<Output, Write, std::vector<Write>> node;  // several writes are answered by a list
};

struct Plan {
  enum class Kind { kQuery, kMutation, kSubscription };
  Kind kind = Kind::kQuery;
  std::vector<Root> roots;
};

}  // namespace threefactor::plan
