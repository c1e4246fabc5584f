#include "schema/names.hpp"

#include <algorithm>
#include <cctype>

#include "base/characters.hpp"

namespace threefactor::schema {

namespace {

// user_by_author_id -> userByAuthorId
std::string CamelCase(std::string_view snake) {
  std::string camel;
  bool upper = false;
  for (const char c : snake) {
    if (c == '_' && !camel.empty()) {
      upper = true;
      continue;
    }
    camel += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return camel;
}

// An array relationship also takes <name>_aggregate.
bool IsTaken(const Table& table, const std::string& name) {
  const auto takes = [&](const std::string& other, bool is_array) {
    return other == name || (is_array && other + "_aggregate" == name);
  };
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return takes(column.graphql_name, false); }) ||
         std::any_of(table.computed_fields.begin(), table.computed_fields.end(),
                     [&](const ComputedField& field) { return takes(field.name, false); }) ||
         std::any_of(table.relationships.begin(), table.relationships.end(),
                     [&](const Relationship& other) { return takes(other.name, other.is_array); });
}

bool IsFree(const Table& table, const std::string& name, bool is_array) {
  return !IsTaken(table, name) && !(is_array && IsTaken(table, name + "_aggregate"));
}

// `by`: the columns that tell this foreign key from another to the same table.
std::string RelationshipName(const Table& table, const std::string& base, bool is_array,
                             const std::vector<std::string>& by) {
  if (IsFree(table, base, is_array)) return base;
  std::string longer = base + "_by";
  for (const std::string& column : by) longer += "_" + column;
  longer = CamelCase(longer);
  if (!IsPublicName(longer)) longer = base;  // columns with odd names: number instead
  if (IsFree(table, longer, is_array)) return longer;
  for (int number = 1;; ++number) {
    std::string numbered = longer + "_" + std::to_string(number);
    if (IsFree(table, numbered, is_array)) return numbered;
  }
}

bool IsUnique(const Table& table, const std::vector<int>& columns) {
  const auto covered = [&](const Constraint& key) {
    return !key.name.empty() && std::all_of(key.columns.begin(), key.columns.end(), [&](int column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    });
  };
  return covered(table.primary_key) ||
         std::any_of(table.unique_constraints.begin(), table.unique_constraints.end(), covered);
}

// One of the administrator's own stands for the implied one.
bool IsCovered(const Table& table, const Relationship& implied) {
  return std::any_of(table.relationships.begin(), table.relationships.end(), [&](const Relationship& other) {
    return other.is_explicit && other.target == implied.target && other.is_array == implied.is_array &&
           other.columns.size() == implied.columns.size() &&
           std::is_permutation(other.columns.begin(), other.columns.end(), implied.columns.begin());
  });
}

const std::string& BaseName(const Table& table) {
  return IsPublicName(table.name) ? table.name : table.graphql_name;
}

}  // namespace

std::string TableName(std::string_view schema, std::string_view table) {
  return schema == "public" ? std::string(table) : std::string(schema) + "_" + std::string(table);
}

std::string QualifiedName(std::string_view schema, std::string_view name) {
  return schema == "public" ? std::string(name) : std::string(schema) + "." + std::string(name);
}

void AddRelationships(std::vector<Table>& tables, const std::vector<ForeignKey>& keys) {
  for (const ForeignKey& key : keys) {
    Table& table = tables[static_cast<std::size_t>(key.table)];
    const Table& target = tables[static_cast<std::size_t>(key.target)];
    Relationship relationship;
    relationship.target = key.target;
    std::vector<std::string> by;
    bool not_null = true;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      const Column& column = table.columns[static_cast<std::size_t>(key.columns[i])];
      relationship.columns.emplace_back(key.columns[i], key.target_columns[i]);
      by.push_back(column.name);
      not_null = not_null && column.not_null;
    }
    if (IsCovered(table, relationship)) continue;
    relationship.nullable = !not_null;
    relationship.name = RelationshipName(table, Singularize(BaseName(target)), false, by);
    table.relationships.push_back(std::move(relationship));
  }
  // The other ends come after, so that a self reference gets its object relationship first.
  for (const ForeignKey& key : keys) {
    const Table& table = tables[static_cast<std::size_t>(key.table)];
    Table& target = tables[static_cast<std::size_t>(key.target)];
    Relationship relationship;
    relationship.is_array = !IsUnique(table, key.columns);
    relationship.target = key.table;
    std::vector<std::string> by;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      relationship.columns.emplace_back(key.target_columns[i], key.columns[i]);
      by.push_back(table.columns[static_cast<std::size_t>(key.columns[i])].name);
    }
    if (IsCovered(target, relationship)) continue;
    relationship.after_parent = true;
    const std::string& base = BaseName(table);
    relationship.name = RelationshipName(target, relationship.is_array ? Pluralize(base) : Singularize(base),
                                         relationship.is_array, by);
    target.relationships.push_back(std::move(relationship));
  }
}

}  // namespace threefactor::schema
