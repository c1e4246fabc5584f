// Fields that write (gateway/dialect/mutations.md).
#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
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

std::vector<Insert> PlanFieldInserts(const Selection& field, const schema::Catalog& catalog) {
  const char* name = field.field->kind == FieldKind::kInsertOne ? "object" : "objects";
  const Value& given = Required(field, name);
  std::vector<const Value*> objects;
  if (given.kind == Value::Kind::kObject) objects.push_back(&given);
  for (const Value& item : given.items) objects.push_back(&item);
  return PlanInserts(objects, *field.field->table, Find(field.arguments, "on_conflict"), field.path + ".args." + name,
                     catalog);
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
      write.inserts = PlanFieldInserts(field, catalog);
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
