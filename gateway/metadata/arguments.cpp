#include "metadata/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "error.hpp"

namespace threefactor::metadata {

namespace {

[[noreturn]] void WrongType(const char* name, const char* wanted, const std::string& path) {
  throw Error(code::kParseFailed, fmt::format("expected {} for the key \"{}\"", wanted, name), path + "." + name);
}

std::string Text(const Json& value) {
  return {value.GetString(), value.GetStringLength()};
}

constexpr int kDeepest = 500;

// Recurses no deeper than `levels`.
bool IsDeeperThan(const Json& value, int levels) {
  const auto is_deeper = [levels](const Json& inside) { return IsDeeperThan(inside, levels - 1); };
  if (value.IsArray()) return levels == 0 || std::any_of(value.Begin(), value.End(), is_deeper);
  if (!value.IsObject()) return false;
  return levels == 0 || std::any_of(value.MemberBegin(), value.MemberEnd(),
                                    [&is_deeper](const auto& member) { return is_deeper(member.value); });
}

}  // namespace

const Json* FindMember(const Json& object, const char* name) {
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() || member->value.IsNull() ? nullptr : &member->value;
}

std::string RequireString(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) throw Error(code::kParseFailed, fmt::format("key \"{}\" not found", name), path);
  if (!value->IsString()) WrongType(name, "a string", path);
  return Text(*value);
}

std::string StringOr(const Json& object, const char* name, const std::string& otherwise, const std::string& path) {
  return FindMember(object, name) == nullptr ? otherwise : RequireString(object, name, path);
}

bool BoolOr(const Json& object, const char* name, bool otherwise, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) return otherwise;
  if (!value->IsBool()) WrongType(name, "a boolean", path);
  return value->GetBool();
}

std::int64_t NumberOr(const Json& object, const char* name, std::int64_t otherwise, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) return otherwise;
  if (!value->IsInt64() || value->GetInt64() < 0) WrongType(name, "a whole number that is not negative", path);
  return value->GetInt64();
}

const Json* ObjectOrNull(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value != nullptr && !value->IsObject()) WrongType(name, "an object", path);
  return value;
}

void RefuseOtherKeys(const Json& object, std::initializer_list<std::string_view> known, const std::string& path) {
  if (!object.IsObject()) return;
  for (const auto& member : object.GetObject()) {
    const std::string key = Text(member.name);
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw Error(code::kParseFailed, fmt::format("unknown key \"{}\": expected {}", key, fmt::join(known, ", ")),
                path + "." + key);
  }
}

QualifiedName ReadName(const Json& value, const std::string& path) {
  if (value.IsString()) return {"public", Text(value)};
  if (!value.IsObject()) throw Error(code::kParseFailed, "expected a name or {schema, name}", path);
  return {StringOr(value, "schema", "public", path), RequireString(value, "name", path)};
}

QualifiedName RequireName(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) throw Error(code::kParseFailed, fmt::format("key \"{}\" not found", name), path);
  RefuseOtherKeys(*value, {"schema", "name"}, path + "." + name);
  return ReadName(*value, path + "." + name);
}

std::string TableName(const Json& object, const char* name, const std::string& path) {
  const QualifiedName table = RequireName(object, name, path);
  return QuoteIdentifier(table.schema) + "." + QuoteIdentifier(table.name);
}

std::string ToJsonText(const Json& value, const std::string& path) {
  // RapidJSON's own writer, and Postgres after it, recurse once per level.
  if (IsDeeperThan(value, kDeepest))
    throw Error(code::kParseFailed, fmt::format("the value is nested deeper than {} levels", kDeepest), path);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string QuoteIdentifier(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted.append("\"");
}

}  // namespace threefactor::metadata
