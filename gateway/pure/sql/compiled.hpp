// A compiled operation: the SQL statements that answer it and how their results make the response. Plain data,
// immutable, shared by threads; holds no pointer into the schema, so it outlives a reload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema/catalog.hpp"

namespace threefactor::sql {

struct Statement {
  std::string text;                                    // identifiers quoted, values as $1, $2 ...
  std::vector<std::optional<std::string>> parameters;  // text format; nullopt: NULL
  std::string error_path;                              // JSONPath reported when the statement fails
  std::string empty_result{};                          // text used where it returns no row: "null" for _by_pk
  std::string refusal{};  // what the statement says, as text that is no number, where it cannot go on (related.cpp)
  std::string refusal_path{};  // where that is reported
  bool is_arbitrary = false;   // a client's own SQL, which may leave anything behind in the session
};

// The response's data object is the concatenation of all parts: fixed text, then one column of a statement's only row.
struct Part {
  std::string text;
  int statement = -1;  // index into Compiled::statements; -1: text alone
  int column = 0;
};

struct Compiled {
  enum class Kind { kQuery, kMutation, kSubscription };
  Kind kind = Kind::kQuery;
  std::string operation_name;  // of the document, for the log; empty: it has none
  // A query or subscription has at most one statement, with one column for all root fields. A mutation has one or more
  // per field, in order; all run in one transaction.
  std::vector<Statement> statements;
  std::vector<Part> parts;
  schema::Residue residue = schema::Residue::kNothing;
  bool uses_session = false;       // what it answers depends on the session variables themselves
  std::vector<schema::Oid> reads;  // relations whose change may change the result; sorted, unique
};

}  // namespace threefactor::sql
