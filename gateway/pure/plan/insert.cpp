// Inserts, and the rows that objects bring along over relationships (gateway/dialect/mutations.md).
// The order is that of the objects: an object's parents, itself, its children. Objects in a row that bring nothing
// along are one INSERT.
#include <algorithm>

#include "base/error.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using schema::Column;
using schema::InputKind;
using schema::Relationship;
using schema::Table;
using validation::Entry;
using validation::Value;

using Columns = std::vector<const Column*>;

const Value* Find(const Value& object, std::string_view name) {
  for (const Entry& entry : object.entries) {
    if (entry.field->name == name) return entry.value.IsNull() ? nullptr : &entry.value;
  }
  return nullptr;
}

std::vector<const Value*> ObjectsOf(const Value& value) {
  if (value.kind == Value::Kind::kObject) return {&value};
  std::vector<const Value*> objects;
  for (const Value& item : value.items) objects.push_back(&item);
  return objects;
}

bool Contains(const Columns& columns, const Column* column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// "a", "b"
std::string Quoted(const Columns& columns) {
  std::string text;
  for (const Column* column : columns) text += (text.empty() ? "\"" : ", \"") + column->name + '"';
  return text;
}

const Column* At(const Table& table, int index) {
  return &table.columns[static_cast<std::size_t>(index)];
}

const schema::Constraint* FindConstraint(const Table& table, std::string_view name) {
  if (table.primary_key.name == name) return &table.primary_key;
  for (const schema::Constraint& constraint : table.unique_constraints) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

Conflict PlanConflict(const Value& value, const Table& table, const schema::Catalog& catalog) {
  Conflict conflict;
  for (const Entry& entry : value.entries) {
    if (entry.field->name == "constraint") {
      conflict.constraint = FindConstraint(table, entry.value.enum_value->name);
    } else if (entry.field->name == "update_columns") {
      for (const Value& item : entry.value.items) {
        const Column* column = item.enum_value->column;  // of _PLACEHOLDER: none
        if (column == nullptr) throw Error(code::kValidationFailed, "erroneous column name", value.path);
        const bool is_new = std::find(conflict.update.begin(), conflict.update.end(), column) == conflict.update.end();
        if (is_new) conflict.update.push_back(column);
      }
    } else if (entry.field->name == "where") {
      conflict.where = PlanWhere(entry.value, table, catalog);
    }
  }
  if (conflict.constraint == nullptr) throw Error(code::kValidationFailed, "no such constraint", value.path);
  return conflict;
}

class InsertPlanner {
 public:
  InsertPlanner(const Table& table, const Value* on_conflict, Columns determined, const schema::Catalog& catalog)
      : table_(table), determined_(std::move(determined)), catalog_(catalog) {
    if (on_conflict != nullptr) conflict_ = PlanConflict(*on_conflict, table, catalog);
  }

  // `path`: of all objects together. Where some bring others along, errors are those of the first object of a
  // statement.
  std::vector<Insert> Plan(const std::vector<const Value*>& objects, const std::string& path) {
    std::vector<Insert> inserts;
    std::vector<const Value*> plain;
    const bool is_one_statement =
        std::none_of(objects.begin(), objects.end(), [](const Value* object) { return BringsOthers(*object); });
    const auto path_of = [&](std::size_t index) { return path + '[' + std::to_string(index) + ']'; };
    const auto flush = [&](std::size_t end) {
      if (plain.empty()) return;
      inserts.push_back(PlanPlain(plain, is_one_statement ? path : path_of(end - plain.size())));
      plain.clear();
    };
    for (std::size_t i = 0; i < objects.size(); ++i) {
      CheckColumns(*objects[i], path_of(i));
      if (!BringsOthers(*objects[i])) {
        plain.push_back(objects[i]);
        continue;
      }
      flush(i);
      inserts.push_back(PlanOne(*objects[i], path_of(i)));
    }
    flush(objects.size());
    return inserts;
  }

  // The one row of an object relationship, which no list holds.
  std::vector<Insert> PlanRow(const Value& object, const std::string& path) const {
    CheckColumns(object, path);
    std::vector<Insert> inserts;
    inserts.push_back(PlanOne(object, path));
    return inserts;
  }

 private:
  // {data: []} brings nothing.
  static bool BringsRows(const Entry& entry) {
    if (entry.field->kind != InputKind::kInsertRelated || entry.value.IsNull()) return false;
    const Value* data = Find(entry.value, "data");
    return data != nullptr && !ObjectsOf(*data).empty();
  }
  static bool BringsOthers(const Value& object) {
    return std::any_of(object.entries.begin(), object.entries.end(), BringsRows);
  }

  void CheckColumns(const Value& object, const std::string& path) const {
    Columns repeated;
    for (const Entry& entry : object.entries) {
      if (entry.field->kind == InputKind::kSetColumn && Contains(determined_, entry.field->column)) {
        repeated.push_back(entry.field->column);
      }
    }
    if (repeated.empty()) return;
    throw Error(
        code::kValidationFailed,
        "cannot insert " + Quoted(repeated) + " columns as their values are already being determined by parent insert",
        path);
  }

  // Columns of all objects together, in the table's order.
  Insert PlanPlain(const std::vector<const Value*>& objects, const std::string& path) const {
    Insert insert;
    insert.table = &table_;
    insert.conflict = conflict_;
    insert.path = path;
    Columns& columns = insert.columns;
    for (const Value* object : objects) {
      for (const Entry& entry : object->entries) {
        if (entry.field->kind == InputKind::kSetColumn) columns.push_back(entry.field->column);
      }
    }
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    for (const Value* object : objects) {
      auto& cells = insert.objects.emplace_back(columns.size());
      for (const Entry& entry : object->entries) {
        if (entry.field->kind != InputKind::kSetColumn) continue;
        const auto place = std::lower_bound(columns.begin(), columns.end(), entry.field->column);
        cells[static_cast<std::size_t>(place - columns.begin())].emplace(TextOf(entry.value));
      }
    }
    return insert;
  }

  Insert PlanOne(const Value& object, const std::string& path) const {
    Insert insert = PlanPlain({&object}, path);
    Columns determined = determined_;
    determined.insert(determined.end(), insert.columns.begin(), insert.columns.end());
    for (const Entry& entry : object.entries) {
      if (!BringsRows(entry)) continue;
      const Relationship& relationship = *entry.field->relationship;
      if (relationship.after_parent) {
        insert.after.push_back(PlanRelated(entry, path));
        continue;
      }
      CheckRelationship(relationship, determined, path + '.' + relationship.name);
      for (const auto& [own, others] : relationship.columns) determined.push_back(At(table_, own));
      insert.before.push_back(PlanRelated(entry, path));
    }
    return insert;
  }

  void CheckRelationship(const Relationship& relationship, const Columns& determined, const std::string& path) const {
    Columns repeated;
    for (const auto& [own, others] : relationship.columns) {
      if (Contains(determined, At(table_, own))) repeated.push_back(At(table_, own));
    }
    if (repeated.empty()) return;
    throw Error(code::kValidationFailed,
                "cannot insert object relationship \"" + relationship.name + "\" as " + Quoted(repeated) +
                    " column values are already determined",
                path);
  }

  // `parent`: the path of the object.
  RelatedInsert PlanRelated(const Entry& entry, const std::string& parent) const {
    const Relationship& relationship = *entry.field->relationship;
    const Table& target = *entry.field->table;
    Columns determined;
    if (relationship.after_parent) {
      for (const auto& [own, others] : relationship.columns) determined.push_back(At(target, others));
    }
    const Value& data = *Find(entry.value, "data");
    InsertPlanner planner(target, Find(entry.value, "on_conflict"), std::move(determined), catalog_);
    RelatedInsert related{&relationship, parent + '.' + relationship.name, {}};
    const std::string path = related.path + ".data";
    related.inserts = relationship.after_parent ? planner.Plan(ObjectsOf(data), path) : planner.PlanRow(data, path);
    return related;
  }

  const Table& table_;
  const Columns determined_;  // by the row that this one is inserted after
  const schema::Catalog& catalog_;
  std::optional<Conflict> conflict_;
};

}  // namespace

std::vector<Insert> PlanInserts(const std::vector<const Value*>& objects, const Table& table, const Value* on_conflict,
                                const std::string& path, const schema::Catalog& catalog) {
  return InsertPlanner(table, on_conflict, {}, catalog).Plan(objects, path);
}

}  // namespace threefactor::plan
