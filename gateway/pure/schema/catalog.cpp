// From the JSON document of CatalogQuery to the catalog.
#include <algorithm>
#include <map>
#include <set>

#include "base/characters.hpp"
#include "base/error.hpp"
#include "schema/catalog_json.hpp"
#include "schema/metadata.hpp"
#include "schema/names.hpp"
#include "schema/scalars.hpp"

namespace threefactor::schema {

namespace {

// The order of the elements is that of json_build_array in the query.
Column ReadColumn(const Json& row, const Catalog& catalog) {
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
    kInsert,
    kUpdate,
    kSize
  };
  const auto fields = List(row);
  if (fields.Size() != kSize) Malformed("a column has another shape");
  Column column;
  column.number = static_cast<int>(Number(fields[kNumber]));
  column.name = Text(fields[kName]);
  column.graphql_name = column.name;
  column.not_null = Flag(fields[kNotNull]);
  column.is_array = Flag(fields[kArray]);
  column.sql_type = Text(fields[kSqlType]);
  column.comment = Text(fields[kComment]);
  const std::string_view kind = Text(fields[kKind]);
  DescribeType({Text(fields[kTypeSchema]), Text(fields[kType]), kind.empty() ? 'b' : kind.front()}, column);
  column.own = FindOwnNames(catalog, Text(fields[kTypeSchema]), Text(fields[kType]), column.is_array);
  const bool is_fixed = Flag(fields[kFixed]);
  column.may_select = true;
  column.may_insert = !is_fixed && Flag(fields[kInsert]);
  column.may_update = !is_fixed && Flag(fields[kUpdate]);
  return column;
}

// What GraphQL cannot name stays for keys and relationships, unseen.
void Hide(Column& column, const Table& table, Catalog& catalog) {
  if (IsPublicName(column.graphql_name)) return;
  catalog.omissions.push_back(Inexpressible("column", table.schema, table.name, column.name,
                                            "give it a custom_name in column_config by set_table_customization"));
  column.is_hidden = true;
}

void HideTaken(Column& column, const Table& table, const std::string& taken_by, std::vector<Omission>& omissions) {
  omissions.push_back({"column", table.schema, table.name, column.name,
                       "the name \"" + column.graphql_name + "\" is taken by column \"" + taken_by + '"'});
  column.is_hidden = true;
}

// Of columns with one name, the first that was given it, else the first.
void HideRepeated(Table& table, std::vector<Omission>& omissions) {
  std::map<std::string, std::string> names;
  for (const bool custom : {true, false}) {
    for (Column& column : table.columns) {
      if (column.is_name_custom != custom || !IsPublicName(column.graphql_name)) continue;
      const auto [first, is_new] = names.emplace(column.graphql_name, column.name);
      if (!is_new) HideTaken(column, table, first->second, omissions);
    }
  }
}

// Operators of types of users are functions of users.
Residue ResidueOf(const Table& table, bool runs_expressions) {
  const bool calls_functions = std::find(table.reads.begin(), table.reads.end(), kAnyRelation) != table.reads.end() ||
                               std::any_of(table.columns.begin(), table.columns.end(),
                                           [](const Column& column) { return column.own != nullptr; });
  if (calls_functions) return Residue::kAnything;
  return runs_expressions ? Residue::kSettings : Residue::kNothing;
}

Numbered ReadTable(const Json& row, const Metadata& metadata, Catalog& catalog) {
  Numbered result;
  Table& table = result.table;
  table.oid = Number(Member(row, "oid"));
  table.schema = Text(Member(row, "schema"));
  table.name = Text(Member(row, "name"));
  table.graphql_name = TableName(table.schema, table.name);
  table.comment = Text(Member(row, "comment"));
  table.may_select_row = true;
  for (const Json& column : List(Member(row, "columns"))) {
    table.columns.push_back(ReadColumn(column, catalog));
    metadata.CustomizeColumn(table.oid, table.columns.back());
    Hide(table.columns.back(), table, catalog);
    result.index_of[Number(column[0])] = static_cast<int>(table.columns.size()) - 1;
  }
  HideRepeated(table, catalog.omissions);
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
  table.residue = ResidueOf(table, Flag(Member(row, "runs_expressions")));
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

// [schema, type, {operator: schema}, {aggregate: schema}]
void ReadOwnNames(const Json& rows, Catalog& catalog) {
  const auto read = [](const Json& names) {
    if (!names.IsObject()) Malformed("names of a type have another shape");
    std::map<std::string, std::string, std::less<>> schemas;
    for (const auto& name : names.GetObject()) schemas[name.name.GetString()] = std::string(Text(name.value)) + '.';
    return schemas;
  };
  for (const Json& row : List(rows)) {
    if (List(row).Size() != 4) Malformed("a type has another shape");
    catalog.own_names[{std::string(Text(row[0])), std::string(Text(row[1]))}] =
        std::make_shared<const OwnNames>(OwnNames{read(row[2]), read(row[3])});
  }
}

// A table whose name GraphQL cannot spell, or that another table has taken, needs a custom one.
void OmitRepeated(std::vector<Numbered>& tables, std::vector<Omission>& omissions) {
  std::map<std::string, const Table*> names;
  std::set<const Table*> omitted;
  for (const bool custom : {true, false}) {
    for (const Numbered& each : tables) {
      const Table& table = each.table;
      if (table.is_name_custom != custom) continue;
      if (!IsPublicName(table.graphql_name)) {
        omitted.insert(&table);
        omissions.push_back(
            Inexpressible("table", table.schema, table.name, "", "give it a custom_name by set_table_customization"));
        continue;
      }
      const auto [first, is_new] = names.emplace(table.graphql_name, &table);
      if (is_new) continue;
      omitted.insert(&table);
      omissions.push_back({"table", table.schema, table.name, "",
                           "the name \"" + table.graphql_name + "\" is taken by table \"" +
                               QualifiedName(first->second->schema, first->second->name) + '"'});
    }
  }
  std::vector<Numbered> kept;
  for (Numbered& each : tables) {
    if (!omitted.contains(&each.table)) kept.push_back(std::move(each));
  }
  tables = std::move(kept);
}

// Relationships and computed fields that have the name of a column or of each other.
void OmitRepeatedFields(Table& table, std::vector<Omission>& omissions) {
  std::map<std::string, std::string> names;
  for (const Column& column : table.columns) names.emplace(column.graphql_name, "column \"" + column.name + '"');
  const auto is_repeated = [&](const std::string& type, const std::string& what, const std::string& name,
                               bool has_aggregate) {
    auto taken = names.find(name);
    if (taken == names.end() && has_aggregate) taken = names.find(name + "_aggregate");
    if (taken != names.end()) {
      omissions.push_back(
          {type, table.schema, table.name, name, "the name \"" + taken->first + "\" is taken by " + taken->second});
      return true;
    }
    names.emplace(name, what + " \"" + name + '"');
    if (has_aggregate) names.emplace(name + "_aggregate", what + " \"" + name + '"');
    return false;
  };
  std::erase_if(table.relationships, [&](const Relationship& each) {
    return is_repeated(each.is_array ? "array_relation" : "object_relation", "relationship", each.name, each.is_array);
  });
  std::erase_if(table.computed_fields, [&](const ComputedField& each) {
    return is_repeated("computed_field", "computed field", each.name, false);
  });
}

}  // namespace

Omission Inexpressible(std::string type, std::string schema, std::string name, std::string field, std::string remedy) {
  return {std::move(type),
          std::move(schema),
          std::move(name),
          std::move(field),
          "GraphQL cannot express the name",
          std::move(remedy),
          false};
}

std::shared_ptr<const Catalog> ParseCatalog(std::string_view json, bool numbers_as_text) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError()) Malformed("not JSON");

  auto catalog = std::make_shared<Catalog>();
  const Json& version = Member(document, "extension_version");
  catalog->has_extension = !version.IsNull();
  if (catalog->has_extension) catalog->extension_version = Text(version);

  ReadOwnNames(Member(document, "own_names"), *catalog);
  const auto stored = document.FindMember("metadata");
  const Metadata metadata(stored == document.MemberEnd() ? nullptr : &stored->value);
  std::vector<Numbered> tables;
  for (const Json& row : List(Member(document, "tables"))) {
    tables.push_back(ReadTable(row, metadata, *catalog));
    metadata.Customize(tables.back().table, *catalog);
  }
  OmitRepeated(tables, catalog->omissions);
  const std::vector<ForeignKey> keys = ReadForeignKeys(Member(document, "foreign_keys"), tables);
  metadata.AddEnums(tables, keys);
  metadata.AddRelationships(tables, *catalog);
  for (Numbered& table : tables) catalog->tables.push_back(std::move(table.table));
  metadata.AddFunctions(*catalog, Member(document, "function_reads"));
  metadata.AddPermissions(*catalog);
  for (Table& table : catalog->tables) OmitRepeatedFields(table, catalog->omissions);
  AddRelationships(catalog->tables, keys);
  if (numbers_as_text) {
    for (Table& table : catalog->tables) {
      for (Column& column : table.columns) AnswerAsText(column);
      for (ComputedField& field : table.computed_fields) AnswerAsText(field.function.result);
    }
  }
  return catalog;
}

}  // namespace threefactor::schema
