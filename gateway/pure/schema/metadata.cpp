#include "schema/metadata.hpp"

#include <algorithm>

#include "base/characters.hpp"

namespace threefactor::schema {

const Json* Find(const Json& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(rapidjson::StringRef(name.data(), name.size()));
  return member == object.MemberEnd() || member->value.IsNull() ? nullptr : &member->value;
}

std::string TextAt(const Json& object, std::initializer_list<std::string_view> names) {
  const Json* value = &object;
  for (const std::string_view name : names) {
    value = Find(*value, name);
    if (value == nullptr) return "";
  }
  return value->IsString() ? std::string(value->GetString(), value->GetStringLength()) : "";
}

namespace {

void ReadRootFields(const Json& configuration, Table& table) {
  const Json* fields = Find(configuration, "custom_root_fields");
  if (fields == nullptr || !fields->IsObject()) return;
  for (const auto& field : fields->GetObject()) {
    std::string name = field.value.IsObject()   ? TextAt(field.value, {"name"})
                       : field.value.IsString() ? field.value.GetString()
                                                : "";
    if (IsPublicName(name)) table.root_names[field.name.GetString()] = std::move(name);
    const Json* comment = Find(field.value, "comment");
    if (comment != nullptr && comment->IsString()) table.root_comments[field.name.GetString()] = comment->GetString();
  }
}

int IndexOf(const std::vector<Numbered>& tables, const Json& oid) {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [wanted = Number(oid)](const Numbered& each) { return each.table.oid == wanted; });
  return found == tables.end() ? -1 : static_cast<int>(found - tables.begin());
}

}  // namespace

Metadata::Metadata(const Json* document) {
  if (document == nullptr || document->IsNull()) return;
  document_ = document;
  for (const Json& table : List(Member(*document, "tables"))) tables_[Number(Member(table, "oid"))] = &table;
}

const Json* Metadata::Entry(Oid table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : found->second;
}

const Json* Metadata::Configuration(Oid table) const {
  const Json* entry = Entry(table);
  return entry == nullptr ? nullptr : Find(*entry, "configuration");
}

void Metadata::CustomizeColumn(Oid table, Column& column) const {
  const Json* configuration = Configuration(table);
  if (configuration == nullptr) return;
  std::string name = TextAt(*configuration, {"column_config", column.name, "custom_name"});
  if (name.empty()) name = TextAt(*configuration, {"custom_column_names", column.name});
  column.is_name_custom = !name.empty();
  if (column.is_name_custom) column.graphql_name = std::move(name);
  std::string comment = TextAt(*configuration, {"column_config", column.name, "comment"});
  if (!comment.empty()) column.comment = std::move(comment);
}

void Metadata::Customize(Table& table, Catalog& catalog) const {
  const Json* configuration = Configuration(table.oid);
  if (configuration == nullptr) return;
  std::string name = TextAt(*configuration, {"custom_name"});
  table.is_name_custom = !name.empty();
  if (table.is_name_custom) table.graphql_name = std::move(name);
  std::string comment = TextAt(*configuration, {"comment"});
  if (!comment.empty()) table.comment = std::move(comment);
  ReadRootFields(*configuration, table);
  const Json* values = Find(*Entry(table.oid), "values");
  if (values == nullptr) return;
  for (const Json& value : List(*values)) {
    EnumRow row{std::string(Text(value[0])), std::string(Text(value[1]))};
    const bool is_literal = row.value == "true" || row.value == "false" || row.value == "null";
    if (IsPublicName(row.value) && !is_literal) {
      table.enum_rows.push_back(std::move(row));
    } else {
      catalog.omissions.push_back(
          Inexpressible("enum_value", table.schema, table.name, row.value, "the value itself is the name: change it"));
    }
  }
}

void Metadata::AddEnums(std::vector<Numbered>& tables, const std::vector<ForeignKey>& keys) const {
  const auto refer = [](Column& column, int table, const Table& target) {
    column.enum_table = table;
    if (!column.is_enum) column.plain_scalar = column.scalar;
    column.scalar = target.graphql_name + "_enum";
    column.is_enum = true;
    column.is_text = false;
    column.is_comparable = false;
  };
  for (const ForeignKey& key : keys) {
    const Table& target = tables[static_cast<std::size_t>(key.target)].table;
    if (target.enum_rows.empty()) continue;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      if (key.columns.size() != 1 || key.target_columns != target.primary_key.columns) continue;
      refer(tables[static_cast<std::size_t>(key.table)].table.columns[static_cast<std::size_t>(key.columns[i])],
            key.target, target);
    }
  }
}

void Metadata::AddRelationships(std::vector<Numbered>& tables, Catalog& catalog) const {
  if (document_ == nullptr) return;
  for (const Json& row : List(Member(*document_, "relationships"))) {
    const int from = IndexOf(tables, Member(row, "oid"));
    const int to = IndexOf(tables, Member(row, "target"));
    if (from < 0 || to < 0) continue;
    Numbered& table = tables[static_cast<std::size_t>(from)];
    Relationship relationship;
    relationship.name = Text(Member(row, "name"));
    if (!IsPublicName(relationship.name)) {
      catalog.omissions.push_back(Inexpressible(Flag(Member(row, "array")) ? "array_relation" : "object_relation",
                                                table.table.schema, table.table.name, relationship.name,
                                                "rename it by rename_relationship"));
      continue;
    }
    relationship.is_array = Flag(Member(row, "array"));
    relationship.target = to;
    relationship.is_explicit = true;
    relationship.comment = Text(Member(row, "comment"));
    const std::string_view source = Text(Member(row, "source"));
    relationship.after_parent = Flag(Member(row, "after_parent")) || source == "reverse" || relationship.is_array;
    const std::vector<int> columns = table.Indexes(Member(row, "columns"));
    const std::vector<int> targets = tables[static_cast<std::size_t>(to)].Indexes(Member(row, "target_columns"));
    bool not_null = source == "own";
    for (std::size_t i = 0; i < columns.size() && i < targets.size(); ++i) {
      relationship.columns.emplace_back(columns[i], targets[i]);
      not_null = not_null && table.table.columns[static_cast<std::size_t>(columns[i])].not_null;
    }
    relationship.nullable = !not_null;
    table.table.relationships.push_back(std::move(relationship));
  }
}

}  // namespace threefactor::schema
