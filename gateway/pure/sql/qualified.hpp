// Names in SQL text that Postgres would look up by the search_path: each is written with its schema, so that a
// statement means the same under every search_path and whoever may create an operator, function or type in a schema of
// it cannot put it in the place of ours. Tables and users' functions are named by fragment.hpp. What has no such form
// is written otherwise: LIKE as ~~, NULLIF and CASE x WHEN as a searched CASE, unnest of several arrays as ROWS FROM.
#pragma once

#include <string>
#include <string_view>

#include "schema/catalog.hpp"

namespace threefactor::sql {

// " OPERATOR(pg_catalog.=) ": binds tighter than NOT, AND, OR and the plain = and <, looser than + and ::.
std::string Operator(std::string_view symbol);
// The operator of that name for two operands of the column's type, as Typed() writes them.
std::string Operator(std::string_view symbol, const schema::Column& operand);

// pg_catalog.name(arguments)
std::string Call(std::string_view name, std::string_view arguments);
// The aggregate of that name for the column's type: its name alone, with the schema.
std::string AggregateName(std::string_view name, const schema::Column& argument);

// Of a type as format_type prints it, or of pg_catalog.
std::string TypeName(std::string_view type);
std::string Cast(std::string sql, std::string_view type);  // sql::type

// `sql`, an expression of the column's type or of a domain over it, as an operand of the type's own operators and
// functions: these are in schemas where others may have made some that take the domain.
std::string Typed(std::string sql, const schema::Column& column);

}  // namespace threefactor::sql
