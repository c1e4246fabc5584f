// Query collections and the allow-list, as calls of the functions of sql/collections.sql.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "execute/text_array.hpp"
#include "language/parser.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

// A query that no request could be is a mistake: it is parsed, as a request would be.
void CheckQuery(const Json& object, const std::string& path) {
  const std::string query = RequireString(object, "query", path);
  try {
    language::Parse(query, Limits{});
  } catch (const Error& error) {
    throw Error(code::kParseFailed, error.message(), path + ".query");
  }
}

std::string NonEmpty(const Json& object, const char* key, const std::string& path) {
  std::string text = RequireString(object, key, path);
  if (text.empty()) throw Error(code::kParseFailed, "unexpected empty string", path + "." + key);
  return text;
}

Command CreateCollection(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "definition", "comment"}, path);
  const Json* definition = ObjectOrNull(args, "definition", path);
  if (definition == nullptr) throw Error(code::kParseFailed, "key \"definition\" not found", path);
  const std::string inner = path + ".definition";
  RefuseOtherKeys(*definition, {"queries"}, inner);
  const Json* queries = FindMember(*definition, "queries");
  if (queries == nullptr || !queries->IsArray())
    throw Error(code::kParseFailed, "expected a list for the key \"queries\"", inner);
  for (std::size_t i = 0; i < queries->Items().size(); ++i) {
    const std::string query_path = fmt::format("{}.queries[{}]", inner, i);
    const Json& query = queries->Items()[i];
    if (!query.IsObject()) throw Error(code::kParseFailed, "expected an object with name and query", query_path);
    RefuseOtherKeys(query, {"name", "query"}, query_path);
    NonEmpty(query, "name", query_path);
    CheckQuery(query, query_path);
  }
  std::optional<std::string> comment;
  if (FindMember(args, "comment") != nullptr) comment = RequireString(args, "comment", path);
  return Call("SELECT threefactor.create_query_collection($1, $2::pg_catalog.json, $3)",
              {NonEmpty(args, "name", path), WriteJson(*queries), comment}, path);
}

Command RenameCollection(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "new_name"}, path);
  return Call("SELECT threefactor.rename_query_collection($1, $2)",
              {RequireString(args, "name", path), NonEmpty(args, "new_name", path)}, path);
}

Command DropCollection(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"collection", "cascade"}, path);
  return Call("SELECT threefactor.drop_query_collection($1, $2::boolean)",
              {RequireString(args, "collection", path), BoolOr(args, "cascade", false, path) ? "true" : "false"}, path);
}

Command AddQuery(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"collection_name", "query_name", "query"}, path);
  CheckQuery(args, path);
  return Call("SELECT threefactor.add_query_to_collection($1, $2, $3)",
              {RequireString(args, "collection_name", path), NonEmpty(args, "query_name", path),
               RequireString(args, "query", path)},
              path);
}

Command DropQuery(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"collection_name", "query_name"}, path);
  return Call("SELECT threefactor.drop_query_from_collection($1, $2)",
              {RequireString(args, "collection_name", path), RequireString(args, "query_name", path)}, path);
}

// {"global": true}, or {"global": false, "roles": [...]}; none: everybody's requests. Gives the roles, as text[].
std::optional<std::string> Scope(const Json& args, const std::string& path) {
  const Json* scope = ObjectOrNull(args, "scope", path);
  if (scope == nullptr) return std::nullopt;
  const std::string inner = path + ".scope";
  RefuseOtherKeys(*scope, {"global", "roles"}, inner);
  const Json* roles = FindMember(*scope, "roles");
  if (BoolOr(*scope, "global", roles == nullptr, inner)) {
    if (roles != nullptr) throw Error(code::kParseFailed, "a global scope has no roles", inner + ".roles");
    return std::nullopt;
  }
  if (roles == nullptr || !roles->IsArray() || roles->Items().empty())
    throw Error(code::kParseFailed, "expected a list of roles that is not empty for the key \"roles\"", inner);
  std::vector<std::string> names;
  for (const Json& role : roles->Items()) {
    if (!role.IsString()) throw Error(code::kParseFailed, "expected the name of a role", inner + ".roles");
    names.emplace_back(role.Text());
  }
  return execute::TextArray(names);
}

Command Allow(const Json& args, const std::string& path, const char* replace) {
  RefuseOtherKeys(args, {"collection", "scope"}, path);
  return Call("SELECT threefactor.allow_collection($1, $2::pg_catalog.text[], $3::boolean)",
              {RequireString(args, "collection", path), Scope(args, path), replace}, path);
}

Command AddToAllowlist(const Json& args, const std::string& path) {
  return Allow(args, path, "false");
}
Command UpdateScope(const Json& args, const std::string& path) {
  if (ObjectOrNull(args, "scope", path) == nullptr) throw Error(code::kParseFailed, "key \"scope\" not found", path);
  return Allow(args, path, "true");
}

Command DropFromAllowlist(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"collection"}, path);
  return Call("SELECT threefactor.disallow_collection($1)", {RequireString(args, "collection", path)}, path);
}

constexpr std::array kCollectionKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"create_query_collection", CreateCollection},
    {"rename_query_collection", RenameCollection},
    {"drop_query_collection", DropCollection},
    {"add_query_to_collection", AddQuery},
    {"drop_query_from_collection", DropQuery},
    {"add_collection_to_allowlist", AddToAllowlist},
    {"update_scope_of_collection_in_allowlist", UpdateScope},
    {"drop_collection_from_allowlist", DropFromAllowlist},
});

}  // namespace

ReadCommand FindCollection(std::string_view type) {
  const auto* found = std::find_if(kCollectionKinds.begin(), kCollectionKinds.end(),
                                   [&](const auto& kind) { return kind.first == type; });
  return found == kCollectionKinds.end() ? nullptr : found->second;
}

}  // namespace threefactor::metadata
