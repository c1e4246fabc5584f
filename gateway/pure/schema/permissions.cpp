// What permissions of the metadata say that Postgres has no notion of: caps of rows, aggregation, root fields, computed
// fields, and what is for backends only. Columns, rows and checks are privileges and policies already.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "schema/catalog_json.hpp"
#include "schema/metadata.hpp"

namespace threefactor::schema {

namespace {

// The order of the elements is that of kMembers.
struct OfPermission {
  enum { kOid, kSelect, kLimit, kAggregations, kQuery, kSubscription, kComputed, kBackendOnly, kSize };
};
constexpr const char* kMembers[OfPermission::kSize] = {"oid",
                                                       "select",
                                                       "limit",
                                                       "allow_aggregations",
                                                       "query_root_fields",
                                                       "subscription_root_fields",
                                                       "computed_fields",
                                                       "backend_only"};

std::vector<std::string> Names(const Json& list) {
  std::vector<std::string> names;
  for (const Json& name : List(list)) names.emplace_back(Text(name));
  return names;
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A limit past what a request may ask for is none.
std::optional<std::int32_t> Limit(const Json& limit) {
  if (limit.IsNull()) return std::nullopt;
  if (!limit.IsUint64()) Malformed("the limit of a permission is no number of rows");
  return limit.IsInt() ? std::optional(limit.GetInt()) : std::nullopt;
}

std::optional<std::vector<std::string>> RootFields(const Json& list) {
  return list.IsNull() ? std::nullopt : std::optional(Names(list));
}

void RestrictSelect(Table& table, const Json& permission) {
  table.row_limit = Limit(permission[OfPermission::kLimit]);
  table.may_aggregate = Flag(permission[OfPermission::kAggregations]);
  table.query_fields = RootFields(permission[OfPermission::kQuery]);
  table.subscription_fields = RootFields(permission[OfPermission::kSubscription]);
  // Those that return rows follow from the permissions of the table that these are of.
  std::erase_if(table.computed_fields,
                [listed = Names(permission[OfPermission::kComputed])](const ComputedField& field) {
                  return field.function.table < 0 && !Contains(listed, field.name);
                });
}

void ForbidBackendOnly(Table& table, const std::vector<std::string>& operations) {
  if (Contains(operations, "insert")) {
    table.is_insertable = false;
    for (Column& column : table.columns) column.may_insert = false;
  }
  if (Contains(operations, "update")) {
    table.is_updatable = false;
    for (Column& column : table.columns) column.may_update = false;
  }
  if (Contains(operations, "delete")) table.is_deletable = false;
}

}  // namespace

void Metadata::AddPermissions(Catalog& catalog) const {
  const Json* permissions = document_ == nullptr ? nullptr : schema::Find(*document_, "permissions");
  if (permissions == nullptr) return;
  for (const Json& permission : List(*permissions)) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.StartArray();
    for (const char* member : kMembers) Member(permission, member).Accept(writer);
    writer.EndArray();
    std::string& list = catalog.permissions[std::string(Text(Member(permission, "role")))];
    list.append(list.empty() ? "[" : ",").append(buffer.GetString(), buffer.GetSize());
  }
  for (auto& [role, list] : catalog.permissions) list += ']';
}

std::shared_ptr<const Catalog> WithPermissions(std::shared_ptr<const Catalog> catalog, std::string_view permissions,
                                               BackendOnly backend_only) {
  if (permissions.empty()) return catalog;
  rapidjson::Document document;
  document.Parse(permissions.data(), permissions.size());
  if (document.HasParseError()) Malformed("permissions are not JSON");
  auto restricted = std::make_shared<Catalog>(*catalog);
  for (const Json& permission : List(document)) {
    if (List(permission).Size() != OfPermission::kSize) Malformed("a permission has another shape");
    const auto table =
        std::find_if(restricted->tables.begin(), restricted->tables.end(),
                     [oid = Number(permission[OfPermission::kOid])](const Table& each) { return each.oid == oid; });
    if (table == restricted->tables.end()) continue;
    if (Flag(permission[OfPermission::kSelect])) RestrictSelect(*table, permission);
    if (backend_only == BackendOnly::kWithout) ForbidBackendOnly(*table, Names(permission[OfPermission::kBackendOnly]));
  }
  return restricted;
}

}  // namespace threefactor::schema
