// What a Postgres type is in the API: its GraphQL scalar, its JSON form and what may be done with it.
// gateway/dialect/types.md.
#pragma once

#include <string_view>

#include "schema/catalog.hpp"

namespace threefactor::schema {

// A type as pg_type names it, domains already replaced by what they are over.
struct DatabaseType {
  std::string_view schema;
  std::string_view name;  // typname: of the element, where the column is an array
  char kind = 'b';        // typtype: b base, c composite, e enum, r range, m multirange
};

// Sets scalar, json_form and the is_... flags of `column`, whose is_array and sql_type are set already.
void DescribeType(const DatabaseType& type, Column& column);

// A number of more digits than a double holds is answered as a string from now on.
void AnswerAsText(Column& column);

}  // namespace threefactor::schema
