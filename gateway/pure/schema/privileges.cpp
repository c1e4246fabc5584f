// What a role may do with what the database has, as Postgres' own privileges say.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "schema/catalog_json.hpp"

namespace threefactor::schema {

namespace {

// The order of the elements is that of json_build_array in the query.
struct OfRelation {
  enum { kOid, kSelect, kInsert, kUpdate, kDelete, kHides, kColumns, kSize };
};
struct OfColumn {
  enum { kNumber, kSelect, kInsert, kUpdate, kSize };
};

void ForbidAll(Table& table) {
  for (Column& column : table.columns) column.may_select = column.may_insert = column.may_update = false;
  table.is_insertable = table.is_updatable = table.is_deletable = table.may_select_row = false;
}

void Restrict(Table& table, const Json& relation) {
  if (List(relation).Size() != OfRelation::kSize) Malformed("a relation's privileges have another shape");
  const bool select = Flag(relation[OfRelation::kSelect]);
  const bool insert = Flag(relation[OfRelation::kInsert]);
  const bool update = Flag(relation[OfRelation::kUpdate]);
  std::unordered_map<int, const Json*> own;
  for (const Json& column : List(relation[OfRelation::kColumns])) {
    if (List(column).Size() != OfColumn::kSize) Malformed("a column's privileges have another shape");
    own[static_cast<int>(Number(column[OfColumn::kNumber]))] = &column;
  }
  const auto any = [&](bool Column::*may) {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) { return column.*may; });
  };
  table.may_select_row = true;
  for (Column& column : table.columns) {
    const auto found = own.find(column.number);
    const auto may = [&](bool of_table, int place) {
      return of_table || (found != own.end() && Flag((*found->second)[static_cast<rapidjson::SizeType>(place)]));
    };
    column.may_select = column.may_select && may(select, OfColumn::kSelect);
    column.may_insert = column.may_insert && may(insert, OfColumn::kInsert);
    column.may_update = column.may_update && may(update, OfColumn::kUpdate);
    table.may_select_row = table.may_select_row && column.may_select;
  }
  table.is_insertable = table.is_insertable && any(&Column::may_insert);
  table.is_updatable = table.is_updatable && any(&Column::may_update);
  table.is_deletable = table.is_deletable && Flag(relation[OfRelation::kDelete]);
  table.hides_rows = Flag(relation[OfRelation::kHides]);
}

// The values of an enum are rows: who may not read them knows the column by its type alone.
void ForgetEnum(Column& column, const std::vector<Table>& tables) {
  if (!column.is_enum) return;
  const Table& table = tables[static_cast<std::size_t>(column.enum_table)];
  const auto is_readable = [&](int key) { return table.columns[static_cast<std::size_t>(key)].may_select; };
  if (std::all_of(table.primary_key.columns.begin(), table.primary_key.columns.end(), is_readable)) return;
  column.is_enum = false;
  column.scalar = column.plain_scalar;
  column.is_text = true;
  column.is_comparable = true;
}

}  // namespace

std::shared_ptr<const Catalog> WithPrivileges(const Catalog& all, std::string_view json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError()) Malformed("privileges are not JSON");
  std::unordered_map<Oid, const Json*> relations;
  for (const Json& relation : List(Member(document, "relations")))
    relations[Number(relation[OfRelation::kOid])] = &relation;
  std::unordered_set<Oid> functions;
  for (const Json& function : List(Member(document, "functions"))) functions.insert(Number(function));

  auto catalog = std::make_shared<Catalog>(all);
  for (Table& table : catalog->tables) {
    const auto found = relations.find(table.oid);
    if (found == relations.end()) {
      ForbidAll(table);
    } else {
      Restrict(table, *found->second);
    }
    std::erase_if(table.computed_fields, [&](const ComputedField& field) {
      return !table.may_select_row || !functions.contains(field.function.oid);
    });
  }
  std::erase_if(catalog->functions, [&](const Function& function) { return !functions.contains(function.oid); });
  for (Table& table : catalog->tables) {
    for (Column& column : table.columns) ForgetEnum(column, catalog->tables);
    const auto is_forgotten = [&](int key) { return !table.columns[static_cast<std::size_t>(key)].may_select; };
    if (std::any_of(table.primary_key.columns.begin(), table.primary_key.columns.end(), is_forgotten))
      table.enum_rows.clear();
  }
  return catalog;
}

}  // namespace threefactor::schema
