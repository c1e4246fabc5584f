#include "metadata/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "sql/fragment.hpp"
#include "validation/decimal.hpp"

namespace threefactor::metadata {

namespace {

[[noreturn]] void WrongType(const char* name, const char* wanted, const std::string& path) {
  throw Error(code::kParseFailed, fmt::format("expected {} for the key \"{}\"", wanted, name), path + "." + name);
}

}  // namespace

const Json* FindMember(const Json& object, const char* name) {
  const Json* member = object.Find(name);
  return member == nullptr || member->IsNull() ? nullptr : member;
}

std::string RequireString(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) throw Error(code::kParseFailed, fmt::format("key \"{}\" not found", name), path);
  if (!value->IsString()) WrongType(name, "a string", path);
  return std::string(value->Text());
}

std::string StringOr(const Json& object, const char* name, const std::string& otherwise, const std::string& path) {
  return FindMember(object, name) == nullptr ? otherwise : RequireString(object, name, path);
}

bool BoolOr(const Json& object, const char* name, bool otherwise, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) return otherwise;
  if (!value->IsBool()) WrongType(name, "a boolean", path);
  return value->IsTrue();
}

std::int64_t NumberOr(const Json& object, const char* name, std::int64_t otherwise, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) return otherwise;
  const auto number = value->IsNumber() ? validation::IntegerFromDecimal(value->Text()) : std::nullopt;
  if (!number || *number < 0) WrongType(name, "a whole number that is not negative", path);
  return *number;
}

const Json* ObjectOrNull(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value != nullptr && !value->IsObject()) WrongType(name, "an object", path);
  return value;
}

void RefuseOtherKeys(const Json& object, std::initializer_list<std::string_view> known, const std::string& path) {
  if (!object.IsObject()) return;
  for (const auto& [name, value] : object.Members()) {
    const std::string_view key = name.Text();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw Error(code::kParseFailed, fmt::format("unknown key \"{}\": expected {}", key, fmt::join(known, ", ")),
                fmt::format("{}.{}", path, key));
  }
}

QualifiedName ReadName(const Json& value, const std::string& path) {
  if (value.IsString()) return {"public", std::string(value.Text())};
  if (!value.IsObject()) throw Error(code::kParseFailed, "expected a name or {schema, name}", path);
  return {StringOr(value, "schema", "public", path), RequireString(value, "name", path)};
}

std::string NameText(const QualifiedName& name) {
  return fmt::format(R"({{"name":{},"schema":{}}})", WriteJsonString(name.name), WriteJsonString(name.schema));
}

QualifiedName RequireName(const Json& object, const char* name, const std::string& path) {
  const Json* value = FindMember(object, name);
  if (value == nullptr) throw Error(code::kParseFailed, fmt::format("key \"{}\" not found", name), path);
  RefuseOtherKeys(*value, {"schema", "name"}, path + "." + name);
  return ReadName(*value, path + "." + name);
}

std::string TableName(const Json& object, const char* name, const std::string& path) {
  const QualifiedName table = RequireName(object, name, path);
  return sql::QuoteIdentifier(table.schema) + "." + sql::QuoteIdentifier(table.name);
}

namespace {

bool HasRepeatedKeys(const Json& value) {
  if (value.RepeatedName() != nullptr) return true;
  return std::any_of(value.Members().begin(), value.Members().end(),
                     [](const Json::Member& member) { return HasRepeatedKeys(member.value); }) ||
         std::any_of(value.Items().begin(), value.Items().end(), HasRepeatedKeys);
}

}  // namespace

void RefuseRepeatedKeys(const Json& value, const std::string& path, std::string_view free) {
  if (!HasRepeatedKeys(value)) return;  // seldom: no paths are made
  if (const Json* name = value.RepeatedName())
    throw Error(code::kParseFailed, fmt::format("the key \"{}\" is given twice", name->Text()), path);
  for (const auto& [name, inner] : value.Members())
    if (name.Text() != free || free.empty()) RefuseRepeatedKeys(inner, fmt::format("{}.{}", path, name.Text()));
  for (std::size_t i = 0; i < value.Items().size(); ++i)
    RefuseRepeatedKeys(value.Items()[i], fmt::format("{}[{}]", path, i));
}

}  // namespace threefactor::metadata
