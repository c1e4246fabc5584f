#include "metadata/object_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metadata/kinds.hpp"
#include "schema/names.hpp"

namespace threefactor::metadata {

namespace {

constexpr std::array kTableLists = {
    ListKind{"object_relationships", "object_relation", "create_object_relationship", "name"},
    ListKind{"array_relationships", "array_relation", "create_array_relationship", "name"},
    ListKind{"computed_fields", "computed_field", "add_computed_field", "name"},
    ListKind{"insert_permissions", "insert_permission", "create_insert_permission", "role"},
    ListKind{"select_permissions", "select_permission", "create_select_permission", "role"},
    ListKind{"update_permissions", "update_permission", "create_update_permission", "role"},
    ListKind{"delete_permissions", "delete_permission", "create_delete_permission", "role"},
    ListKind{"event_triggers", "event_trigger", "", "name"},
};
constexpr ListKind kFunctionPermissions = {"function_permissions", "function_permission", "create_function_permission",
                                           "role"};
constexpr std::array kTopLists = {
    ListKind{"query_collections", "query_collection", "create_query_collection", "name"},
    ListKind{"allowlist", "allowlist", "add_collection_to_allowlist", "collection"},
    ListKind{"inherited_roles", "inherited_role", "add_inherited_role", "role_name"},
    ListKind{"cron_triggers", "cron_trigger", "create_cron_trigger", "name"},
};
// Computed fields before the relationships and permissions that may name them; what names event triggers comes last.
constexpr std::array<std::string_view, 16> kOrder = {"source",
                                                     "untracked_tables",
                                                     "table",
                                                     "function",
                                                     "computed_fields",
                                                     "object_relationships",
                                                     "array_relationships",
                                                     "select_permissions",
                                                     "insert_permissions",
                                                     "update_permissions",
                                                     "delete_permissions",
                                                     "function_permissions",
                                                     "inherited_roles",
                                                     "event_triggers",
                                                     "query_collections",
                                                     "allowlist"};

std::size_t PlaceOf(const Object& object) {
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), object.kind) - kOrder.begin());
}

ReadCommand FindRequest(std::string_view type) {
  for (const auto find : {FindTracking, FindRelationship, FindPermission, FindSchedule, FindCollection, FindState})
    if (const ReadCommand read = find(type)) return read;
  return nullptr;
}

}  // namespace

std::span<const ListKind> TableLists() {
  return kTableLists;
}

std::span<const ListKind> TopLists() {
  return kTopLists;
}

const ListKind& FunctionPermissions() {
  return kFunctionPermissions;
}

const ListKind* FindList(std::string_view kind) {
  for (const ListKind& list : kTableLists)
    if (list.kind == kind) return &list;
  for (const ListKind& list : kTopLists)
    if (list.kind == kind) return &list;
  return kind == kFunctionPermissions.kind ? &kFunctionPermissions : nullptr;
}

sql::Statement StatementOf(const ListKind& list, const QualifiedName& owner, const Json& item,
                           const std::string& path) {
  RequestBuilder args(item);
  if (list.kind == "event_triggers") {
    RefuseOtherKeys(
        item,
        {"name", "definition", "webhook", "webhook_from_env", "headers", "retry_conf", "trigger_on_replication",
         "request_transform", "response_transform", "cleanup_config", "threefactor"},
        path);
    const Json* definition = ObjectOrNull(item, "definition", path);
    if (definition == nullptr) throw Error(code::kParseFailed, "key \"definition\" not found", path);
    const std::string inner = path + ".definition";
    RefuseOtherKeys(*definition, {"enable_manual", "insert", "update", "delete"}, inner);
    const JsonDocument given = args.Add("table", owner).Add("replace", JsonBuilder::Boolean(true)).Take();
    return EventTriggerStatement(given.root(), path, *definition, inner);
  }
  if (!owner.name.empty()) {
    const char* key = list.kind == "function_permissions" ? "function" : "table";
    if (item.Find(key) != nullptr)
      throw Error(code::kParseFailed, fmt::format("unknown key \"{}\"", key), fmt::format("{}.{}", path, key));
    args.Add(key, owner);
  }
  if (list.kind == "cron_triggers") args.Add("replace", JsonBuilder::Boolean(true));
  const JsonDocument given = args.Take();
  return FindRequest(list.request)(given.root(), path).statements.at(0);
}

std::string LabelOf(const ListKind& list, const QualifiedName& owner, const std::string& name) {
  const std::string label = schema::QualifiedName(owner.schema, owner.name);
  if (owner.name.empty()) return name.empty() ? std::string(list.type) : fmt::format("{} {}", list.type, name);
  if (list.kind == "function_permissions")
    return fmt::format("{} {} of function {} in source default", list.type, name, label);
  return fmt::format("{} {} in table {} in source default", list.type, name, label);
}

void SortAsMade(std::vector<Object>& objects) {
  std::stable_sort(objects.begin(), objects.end(),
                   [](const Object& left, const Object& right) { return PlaceOf(left) < PlaceOf(right); });
}

}  // namespace threefactor::metadata
