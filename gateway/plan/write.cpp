// Fields that write (dialect reference, section 7).
#include <algorithm>
#include <array>
#include <map>

#include "error.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using schema::FieldKind;
using validation::Entry;
using validation::Selection;
using validation::Value;

constexpr std::array kAssignments = std::to_array<std::pair<std::string_view, Assignment::Kind>>(
    {{"_set", Assignment::Kind::kSet},
     {"_inc", Assignment::Kind::kIncrement},
     {"_append", Assignment::Kind::kAppend},
     {"_prepend", Assignment::Kind::kPrepend},
     {"_delete_key", Assignment::Kind::kDeleteKey},
     {"_delete_elem", Assignment::Kind::kDeleteElement},
     {"_delete_at_path", Assignment::Kind::kDeleteAtPath}});

const Value* Find(const std::vector<Entry>& entries, std::string_view name) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.field->name == name; });
  return found == entries.end() || found->value.IsNull() ? nullptr : &found->value;
}

// `path`: of the entries.
const Value& Required(const std::vector<Entry>& entries, std::string_view name, const std::string& path) {
  const Value* value = Find(entries, name);
  if (value == nullptr) {
    throw Error(code::kValidationFailed, "missing required field '" + std::string(name) + "'", path);
  }
  return *value;
}

const Value& Required(const Selection& field, std::string_view name) {
  return Required(field.arguments, name, field.path + ".args");
}

// column found in multiple operators; "author_id" in _set, _inc. "id" in _set, _inc
void CheckAssignedOnce(const std::map<std::string, std::vector<std::string_view>>& operators, const std::string& path) {
  std::string repeated;
  for (const auto& [column, names] : operators) {
    if (names.size() < 2) continue;
    repeated += (repeated.empty() ? "\"" : ". \"") + column + "\" in ";
    for (std::size_t i = 0; i < names.size(); ++i) repeated.append(i == 0 ? "" : ", ").append(names[i]);
  }
  if (!repeated.empty()) {
    throw Error(code::kValidationFailed, "column found in multiple operators; " + repeated, path);
  }
}

std::vector<Assignment> PlanAssignments(const std::vector<Entry>& entries, const std::string& path) {
  std::vector<Assignment> assignments;
  std::map<std::string, std::vector<std::string_view>> operators;
  for (const auto& [name, kind] : kAssignments) {
    const Value* value = Find(entries, name);
    if (value == nullptr) continue;
    for (const Entry& entry : value->entries) {
      Assignment assignment{kind, entry.field->column, TextOf(entry.value)};
      if (kind != Assignment::Kind::kSet) TextNotNull(entry.value, entry.field->column->scalar);
      operators[entry.field->name].push_back(name);
      assignments.push_back(std::move(assignment));
    }
  }
  CheckAssignedOnce(operators, path);
  return assignments;
}

void PlanObjects(Write& write, const std::vector<const Value*>& objects) {
  // The columns of all objects together, in the table's order.
  for (const Value* object : objects) {
    for (const Entry& entry : object->entries) {
      if (entry.field->column == nullptr) {
        throw Error(code::kNotSupported, "nested insert of \"" + entry.field->name + "\"", entry.value.path);
      }
      write.columns.push_back(entry.field->column);
    }
  }
  std::sort(write.columns.begin(), write.columns.end());
  write.columns.erase(std::unique(write.columns.begin(), write.columns.end()), write.columns.end());
  if (write.columns.empty() && !objects.empty()) {
    // Rows of defaults alone: some column must be named, for there may be several.
    const auto& columns = write.table->columns;
    const auto column = std::find_if(columns.begin(), columns.end(), [](const auto& c) { return c.may_insert; });
    if (column != columns.end()) write.columns.push_back(&*column);
  }
  for (const Value* object : objects) {
    std::vector<std::optional<Text>> cells(write.columns.size());
    for (const Entry& entry : object->entries) {
      const auto place = std::lower_bound(write.columns.begin(), write.columns.end(), entry.field->column);
      cells[static_cast<std::size_t>(place - write.columns.begin())].emplace(TextOf(entry.value));
    }
    write.objects.push_back(std::move(cells));
  }
}

const schema::Constraint* FindConstraint(const schema::Table& table, std::string_view name) {
  if (table.primary_key.name == name) return &table.primary_key;
  for (const schema::Constraint& constraint : table.unique_constraints) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

Conflict PlanConflict(const Value& value, const schema::Table& table, const schema::Catalog& catalog) {
  Conflict conflict;
  for (const Entry& entry : value.entries) {
    if (entry.field->name == "constraint") {
      conflict.constraint = FindConstraint(table, entry.value.enum_value->name);
    } else if (entry.field->name == "update_columns") {
      for (const Value& item : entry.value.items) {
        if (item.enum_value->column != nullptr) conflict.update.push_back(item.enum_value->column);  // not _PLACEHOLDER
      }
    } else if (entry.field->name == "where" && !entry.value.IsNull()) {
      conflict.where = PlanWhere(entry.value, table, catalog);
    }
  }
  if (conflict.constraint == nullptr) throw Error(code::kValidationFailed, "no such constraint", value.path);
  return conflict;
}

std::vector<WriteOutput> PlanResponse(const Selection& object, const schema::Table& table,
                                      const schema::Catalog& catalog) {
  std::vector<WriteOutput> outputs;
  for (const Selection& field : object.selections) {
    WriteOutput output;
    output.key = field.response_key;
    if (field.field->kind == FieldKind::kTypename) {
      output.constant = TypenameOf(field);
    } else if (field.field->kind == FieldKind::kAffectedRows) {
      output.kind = WriteOutput::Kind::kAffectedRows;
    } else {
      output.kind = WriteOutput::Kind::kReturning;
      output.members = PlanMembers(field, table, catalog);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

void PlanInsert(Write& write, const Selection& field, const schema::Catalog& catalog) {
  std::vector<const Value*> objects;
  if (field.field->kind == FieldKind::kInsertOne) {
    objects.push_back(&Required(field, "object"));
  } else {
    const Value& list = Required(field, "objects");
    if (list.kind == Value::Kind::kObject) objects.push_back(&list);
    for (const Value& item : list.items) objects.push_back(&item);
  }
  PlanObjects(write, objects);
  const Value* conflict = field.FindArgument("on_conflict");
  if (conflict != nullptr && !conflict->IsNull()) write.conflict = PlanConflict(*conflict, *write.table, catalog);
}

}  // namespace

Write PlanWrite(const Selection& field, const schema::Catalog& catalog) {
  Write write;
  const schema::Table& table = *field.field->table;
  write.table = &table;
  switch (field.field->kind) {
    case FieldKind::kInsertOne:
    case FieldKind::kInsert:
      write.kind = Write::Kind::kInsert;
      write.is_single = field.field->kind == FieldKind::kInsertOne;
      PlanInsert(write, field, catalog);
      break;
    case FieldKind::kUpdate:
      write.kind = Write::Kind::kUpdate;
      write.where = PlanWhere(Required(field, "where"), table, catalog);
      write.assignments = PlanAssignments(field.arguments, field.path + ".args");
      break;
    case FieldKind::kUpdateByPk:
      write.kind = Write::Kind::kUpdate;
      write.is_single = true;
      write.where = PlanKey(Required(field, "pk_columns").entries);
      write.assignments = PlanAssignments(field.arguments, field.path + ".args");
      break;
    case FieldKind::kDelete:
      write.kind = Write::Kind::kDelete;
      write.where = PlanWhere(Required(field, "where"), table, catalog);
      break;
    case FieldKind::kDeleteByPk:
      write.kind = Write::Kind::kDelete;
      write.is_single = true;
      write.where = PlanKey(field.arguments);
      break;
    default:
      throw Error(code::kUnexpected, "no write: " + field.field->name, field.path);
  }
  if (write.is_single) {
    write.members = PlanMembers(field, table, catalog);
  } else {
    write.response = PlanResponse(field, table, catalog);
  }
  return write;
}

std::vector<Write> PlanUpdates(const Selection& field, const schema::Catalog& catalog) {
  std::vector<Write> writes;
  const Value& updates = Required(field, "updates");
  const auto add = [&](const Value& update) {
    Write& write = writes.emplace_back();
    write.kind = Write::Kind::kUpdate;
    write.table = field.field->table;
    write.where = PlanWhere(Required(update.entries, "where", update.path), *write.table, catalog);
    write.assignments = PlanAssignments(update.entries, update.path);
    write.response = PlanResponse(field, *write.table, catalog);
  };
  if (updates.kind == Value::Kind::kObject) add(updates);
  for (const Value& update : updates.items) add(update);
  return writes;
}

}  // namespace threefactor::plan
