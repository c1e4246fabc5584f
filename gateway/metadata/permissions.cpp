// Permissions and roles: the extension makes them rights of roles of the database (sql/permissions.sql).
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "execute/text_array.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

// The members that a permission of an operation may have.
void CheckKeys(const Json& permission, std::string_view operation, const std::string& path) {
  if (FindMember(permission, "validate_input") != nullptr)
    throw Error(code::kNotSupported, "validate_input is not supported", path + ".validate_input");
  if (operation == "select") {
    RefuseOtherKeys(permission,
                    {"columns", "filter", "limit", "allow_aggregations", "computed_fields", "query_root_fields",
                     "subscription_root_fields"},
                    path);
  } else if (operation == "insert") {
    RefuseOtherKeys(permission, {"columns", "check", "set", "backend_only", "validate_input"}, path);
  } else if (operation == "update") {
    RefuseOtherKeys(permission, {"columns", "filter", "check", "set", "backend_only", "validate_input"}, path);
  } else {
    RefuseOtherKeys(permission, {"filter", "backend_only", "validate_input"}, path);
  }
}

Command Create(const Json& args, const std::string& path, const char* operation) {
  RefuseOtherKeys(args, {"table", "role", "permission", "comment", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  const Json* definition = ObjectOrNull(args, "permission", path);
  if (definition == nullptr) throw Error(code::kParseFailed, "key \"permission\" not found", path);
  CheckKeys(*definition, operation, path + ".permission");
  std::optional<std::string> comment;
  if (FindMember(args, "comment") != nullptr) comment = RequireString(args, "comment", path);
  return Call(
      "SELECT threefactor.create_permission(threefactor.find_relation($1, $2), $3, $4, $5::pg_catalog.jsonb, $6)",
      {table.schema, table.name, RequireString(args, "role", path), operation, WriteJson(*definition), comment}, path);
}

Command Drop(const Json& args, const std::string& path, const char* operation) {
  RefuseOtherKeys(args, {"table", "role", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.drop_permission(threefactor.find_relation($1, $2), $3, $4)",
              {table.schema, table.name, RequireString(args, "role", path), operation}, path);
}

template <auto Make, char Operation>
Command Of(const Json& args, const std::string& path) {
  constexpr const char* kName = Operation == 's'   ? "select"
                                : Operation == 'i' ? "insert"
                                : Operation == 'u' ? "update"
                                                   : "delete";
  return Make(args, path, kName);
}

Command CreateOfFunction(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"function", "role", "source"}, path);
  const QualifiedName function = RequireName(args, "function", path);
  return Call("SELECT threefactor.create_function_permission($1, $2, $3)",
              {function.schema, function.name, RequireString(args, "role", path)}, path);
}

Command DropOfFunction(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"function", "role", "source"}, path);
  const QualifiedName function = RequireName(args, "function", path);
  return Call("SELECT threefactor.drop_function_permission($1, $2, $3)",
              {function.schema, function.name, RequireString(args, "role", path)}, path);
}

Command SetComment(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "role", "type", "comment", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  std::optional<std::string> comment;
  if (FindMember(args, "comment") != nullptr) comment = RequireString(args, "comment", path);
  return Call("SELECT threefactor.set_permission_comment(threefactor.find_relation($1, $2), $3, $4, $5)",
              {table.schema, table.name, RequireString(args, "role", path), RequireString(args, "type", path), comment},
              path);
}

Command AddInheritedRole(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"role_name", "role_set"}, path);
  const Json* set = FindMember(args, "role_set");
  if (set == nullptr || !set->IsArray()) throw Error(code::kParseFailed, "key \"role_set\" not found", path);
  std::vector<std::string> roles;
  for (const Json& role : set->Items()) {
    if (!role.IsString()) throw Error(code::kParseFailed, "expected the name of a role", path + ".role_set");
    roles.emplace_back(role.Text());
  }
  return Call("SELECT threefactor.add_inherited_role($1, $2::pg_catalog.text[])",
              {RequireString(args, "role_name", path), execute::TextArray(roles)}, path);
}

Command DropInheritedRole(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"role_name"}, path);
  return Call("SELECT threefactor.drop_inherited_role($1)", {RequireString(args, "role_name", path)}, path);
}

constexpr std::array kPermissionKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"create_select_permission", Of<Create, 's'>},
    {"create_insert_permission", Of<Create, 'i'>},
    {"create_update_permission", Of<Create, 'u'>},
    {"create_delete_permission", Of<Create, 'd'>},
    {"drop_select_permission", Of<Drop, 's'>},
    {"drop_insert_permission", Of<Drop, 'i'>},
    {"drop_update_permission", Of<Drop, 'u'>},
    {"drop_delete_permission", Of<Drop, 'd'>},
    {"create_function_permission", CreateOfFunction},
    {"drop_function_permission", DropOfFunction},
    {"set_permission_comment", SetComment},
    {"add_inherited_role", AddInheritedRole},
    {"drop_inherited_role", DropInheritedRole},
});

}  // namespace

ReadCommand FindPermission(std::string_view type) {
  const auto* found = std::find_if(kPermissionKinds.begin(), kPermissionKinds.end(),
                                   [&](const auto& kind) { return kind.first == type; });
  return found == kPermissionKinds.end() ? nullptr : found->second;
}

}  // namespace threefactor::metadata
