// From a validated operation to its plan. Rejects what validation by types cannot see: distinct_on against order_by,
// a column changed twice, a malformed JSON path, a NUL character.
#pragma once

#include "plan/plan.hpp"
#include "schema/type_system.hpp"
#include "validation/operation.hpp"

namespace threefactor::plan {

// Throws Error. The result points into `schema`.
Plan MakePlan(const validation::Operation& operation, const schema::Schema& schema);

// The parts, each of them also called by others.
Condition PlanWhere(const validation::Value& value, const schema::Table& table, const schema::Catalog& catalog);
std::vector<Order> PlanOrder(const validation::Value& value, const schema::Table& table,
                             const schema::Catalog& catalog);
// where, order_by, limit, offset and distinct_on of a field.
Rows PlanRows(const validation::Selection& field, const schema::Table& table, const schema::Catalog& catalog);
std::vector<Output> PlanMembers(const validation::Selection& object, const schema::Table& table,
                                const schema::Catalog& catalog);
Output PlanRead(const validation::Selection& field, const schema::Table& table, const schema::Catalog& catalog);
std::vector<Insert> PlanInserts(const std::vector<const validation::Value*>& objects, const schema::Table& table,
                                const validation::Value* on_conflict, const std::string& path,
                                const schema::Catalog& catalog);
Write PlanWrite(const validation::Selection& field, const schema::Catalog& catalog);
std::vector<Write> PlanUpdates(const validation::Selection& field, const schema::Catalog& catalog);  // update_many

// The call that a field's `args` ask for. Throws Error where they leave out what has no default.
Call PlanCall(const validation::Selection& field);
// Of a computed field that takes no values.
Call PlanCall(const schema::ComputedField& field);
Join JoinOf(const schema::Table& from, const schema::Relationship& relationship, const schema::Catalog& catalog);
// Where an input field leads to: along its relationship, or by its computed field.
Join JoinOf(const schema::Table& from, const schema::InputField& field, const schema::Catalog& catalog);
// column = value of each argument that stands for a column: the primary key of _by_pk.
Condition PlanKey(const std::vector<validation::Entry>& entries);
std::string TypenameOf(const validation::Selection& field);  // as JSON

}  // namespace threefactor::plan
