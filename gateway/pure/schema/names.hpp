// Names that the API gives to what the database has: tables, and the relationships that foreign keys imply.
// gateway/dialect/names.md. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/catalog.hpp"

namespace threefactor::schema {

// "t" of gateway/dialect/names.md: the table's name in schema public, schema_table elsewhere.
std::string TableName(std::string_view schema, std::string_view table);

// What descriptions and messages call a table or a function: the same, but schema.table.
std::string QualifiedName(std::string_view schema, std::string_view name);

// English plural and singular of the last word of a snake_case or camelCase name. Both leave alone what already is
// what they make, so that tables named in the plural keep their name.
std::string Singularize(std::string_view name);
std::string Pluralize(std::string_view name);

// A foreign key between two tables of the catalog, by indexes.
struct ForeignKey {
  int table = -1;
  std::vector<int> columns;
  int target = -1;
  std::vector<int> target_columns;
};

// Adds to both ends of each foreign key the relationship it implies, in the given order, named by default.
void AddRelationships(std::vector<Table>& tables, const std::vector<ForeignKey>& keys);

}  // namespace threefactor::schema
