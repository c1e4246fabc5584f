#include "plan/planner.hpp"

#include "plan/introspection.hpp"

namespace threefactor::plan {

namespace {

using schema::FieldKind;
using validation::Selection;

Output Constant(std::string json) {
  Output output;
  output.constant = std::move(json);
  return output;
}

Root PlanRoot(const Selection& field, const schema::Schema& schema) {
  Root root{field.response_key, Output{}};
  switch (field.field->kind) {
    case FieldKind::kTypename:
      root.node = Constant(TypenameOf(field));
      break;
    case FieldKind::kIntrospectSchema:
    case FieldKind::kIntrospectType:
      root.node = Constant(Introspect(schema, field));
      break;
    case FieldKind::kPlaceholder:
      root.node = Constant("\"There are no queries available to the current role.\"");
      break;
    case FieldKind::kSelect:
    case FieldKind::kSelectByPk:
    case FieldKind::kSelectAggregate:
    case FieldKind::kSelectRow:
      root.node = PlanRead(field, *field.field->table, schema.catalog());
      break;
    case FieldKind::kUpdateMany:
      root.node = PlanUpdates(field, schema.catalog());
      break;
    default:
      root.node = PlanWrite(field, schema.catalog());
  }
  return root;
}

}  // namespace

// Type names are GraphQL names: nothing in them needs an escape.
std::string TypenameOf(const Selection& field) {
  return '"' + field.parent->name + '"';
}

Plan MakePlan(const validation::Operation& operation, const schema::Schema& schema) {
  Plan plan;
  switch (operation.kind) {
    case validation::Operation::Kind::kQuery:
      plan.kind = Plan::Kind::kQuery;
      break;
    case validation::Operation::Kind::kMutation:
      plan.kind = Plan::Kind::kMutation;
      break;
    case validation::Operation::Kind::kSubscription:
      plan.kind = Plan::Kind::kSubscription;
      break;
  }
  for (const Selection& field : operation.selections) plan.roots.push_back(PlanRoot(field, schema));
  return plan;
}

}  // namespace threefactor::plan
