// From the JSON document of CatalogQuery to the catalog.
#include "schema/catalog.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <set>

#include "error.hpp"
#include "schema/names.hpp"
#include "schema/scalars.hpp"

namespace threefactor::schema {

namespace {

using Json = rapidjson::Value;

[[noreturn]] void Malformed(const std::string& what) {
  throw Error(code::kUnexpected, "database catalog: " + what);
}

const Json& Member(const Json& object, const char* name) {
  if (!object.IsObject()) Malformed(std::string("no object around ") + name);
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd()) Malformed(std::string("no ") + name);
  return member->value;
}

std::string_view Text(const Json& value) {
  if (!value.IsString()) Malformed("a string is missing");
  return {value.GetString(), value.GetStringLength()};
}

bool Flag(const Json& value) {
  if (!value.IsBool()) Malformed("a boolean is missing");
  return value.GetBool();
}

unsigned Number(const Json& value) {
  if (!value.IsUint()) Malformed("a number is missing");
  return value.GetUint();
}

auto List(const Json& value) {
  if (!value.IsArray()) Malformed("a list is missing");
  return value.GetArray();
}

// A table together with what its columns are called in constraints.
struct Numbered {
  Table table;
  std::map<unsigned, int> index_of;  // attribute number to index

  int Index(const Json& number) const {
    const auto found = index_of.find(Number(number));
    if (found == index_of.end()) Malformed("a key names a column that does not exist");
    return found->second;
  }
  std::vector<int> Indexes(const Json& numbers) const {
    std::vector<int> indexes;
    for (const Json& number : List(numbers)) indexes.push_back(Index(number));
    return indexes;
  }
};

// The order of the elements is that of json_build_array in the query.
Column ReadColumn(const Json& row) {
  enum {
    kNumber,
    kName,
    kNotNull,
    kTypeSchema,
    kType,
    kKind,
    kArray,
    kSqlType,
    kComment,
    kFixed,
    kSelect,
    kInsert,
    kUpdate,
    kSize
  };
  const auto fields = List(row);
  if (fields.Size() != kSize) Malformed("a column has another shape");
  Column column;
  column.name = Text(fields[kName]);
  column.graphql_name = column.name;
  column.not_null = Flag(fields[kNotNull]);
  column.is_array = Flag(fields[kArray]);
  column.sql_type = Text(fields[kSqlType]);
  column.comment = Text(fields[kComment]);
  const std::string_view kind = Text(fields[kKind]);
  DescribeType({Text(fields[kTypeSchema]), Text(fields[kType]), kind.empty() ? 'b' : kind.front()}, column);
  if (IsGraphqlName(column.graphql_name)) {  // others stay for keys and relationships, unseen
    const bool is_fixed = Flag(fields[kFixed]);
    column.may_select = Flag(fields[kSelect]);
    column.may_insert = !is_fixed && Flag(fields[kInsert]);
    column.may_update = !is_fixed && Flag(fields[kUpdate]);
  }
  return column;
}

Numbered ReadTable(const Json& row) {
  Numbered result;
  Table& table = result.table;
  table.oid = Number(Member(row, "oid"));
  table.schema = Text(Member(row, "schema"));
  table.name = Text(Member(row, "name"));
  table.graphql_name = TableName(table.schema, table.name);
  table.comment = Text(Member(row, "comment"));
  for (const Json& column : List(Member(row, "columns"))) {
    table.columns.push_back(ReadColumn(column));
    result.index_of[Number(column[0])] = static_cast<int>(table.columns.size()) - 1;
  }
  for (const Json& key : List(Member(row, "keys"))) {
    Constraint constraint{std::string(Text(Member(key, "name"))), result.Indexes(Member(key, "columns"))};
    if (Flag(Member(key, "primary"))) {
      table.primary_key = std::move(constraint);
    } else {
      table.unique_constraints.push_back(std::move(constraint));
    }
  }
  const auto any = [&](bool Column::*may) {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) { return column.*may; });
  };
  table.is_insertable = Flag(Member(row, "insertable")) && any(&Column::may_insert);
  table.is_updatable = Flag(Member(row, "updatable")) && any(&Column::may_update);
  table.is_deletable = Flag(Member(row, "deletable"));
  for (const Json& oid : List(Member(row, "reads"))) table.reads.push_back(Number(oid));
  return result;
}

// Foreign keys whose both ends are in the catalog.
std::vector<ForeignKey> ReadForeignKeys(const Json& rows, const std::vector<Numbered>& tables) {
  std::map<Oid, int> index_of;
  for (std::size_t i = 0; i < tables.size(); ++i) index_of[tables[i].table.oid] = static_cast<int>(i);
  std::vector<ForeignKey> keys;
  for (const Json& row : List(rows)) {
    const auto table = index_of.find(Number(Member(row, "table")));
    const auto target = index_of.find(Number(Member(row, "target")));
    if (table == index_of.end() || target == index_of.end()) continue;
    ForeignKey key{table->second, tables[static_cast<std::size_t>(table->second)].Indexes(Member(row, "columns")),
                   target->second,
                   tables[static_cast<std::size_t>(target->second)].Indexes(Member(row, "target_columns"))};
    if (key.columns.size() != key.target_columns.size()) Malformed("a foreign key has ends of different sizes");
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

std::shared_ptr<const Catalog> ParseCatalog(std::string_view json, std::string role) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError()) Malformed("not JSON");

  auto catalog = std::make_shared<Catalog>();
  catalog->role = std::move(role);
  const Json& version = Member(document, "extension_version");
  catalog->has_extension = !version.IsNull();
  if (catalog->has_extension) catalog->extension_version = Text(version);

  std::vector<Numbered> tables;
  std::set<std::string> names;
  for (const Json& row : List(Member(document, "tables"))) {
    Numbered table = ReadTable(row);
    // A name that GraphQL cannot spell, or that another schema's table has taken, needs a custom one.
    if (IsGraphqlName(table.table.graphql_name) && names.insert(table.table.graphql_name).second) {
      tables.push_back(std::move(table));
    }
  }
  const std::vector<ForeignKey> keys = ReadForeignKeys(Member(document, "foreign_keys"), tables);
  for (Numbered& table : tables) catalog->tables.push_back(std::move(table.table));
  AddRelationships(catalog->tables, keys);
  return catalog;
}

}  // namespace threefactor::schema
