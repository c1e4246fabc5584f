// Typed access to the arguments of a request, with errors as Hasura words them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace threefactor::metadata {

// Each throws Error(kParseFailed) when the member has another type. Absent and null are the same.
const Json* FindMember(const Json& object, const char* name);  // null: absent
std::string RequireString(const Json& object, const char* name, const std::string& path);
std::string StringOr(const Json& object, const char* name, const std::string& otherwise, const std::string& path);
bool BoolOr(const Json& object, const char* name, bool otherwise, const std::string& path);
std::int64_t NumberOr(const Json& object, const char* name, std::int64_t otherwise, const std::string& path);
const Json* ObjectOrNull(const Json& object, const char* name, const std::string& path);

// Throws Error(kParseFailed), with the path of the key, when the object has a key that is not among `known`: what is
// not understood is never ignored. Does nothing when the value is not an object.
void RefuseOtherKeys(const Json& object, std::initializer_list<std::string_view> known, const std::string& path);

// "name" or {"schema", "name"}, as quoted SQL text: "public"."orders".
std::string TableName(const Json& object, const char* name, const std::string& path);

// Throws Error(kParseFailed) where an object in the value, to any depth, has a key twice, but for what the member
// `free` of the value itself holds: JSON that we pass on and do not read.
void RefuseRepeatedKeys(const Json& value, const std::string& path, std::string_view free = {});

// The same as its two names.
struct QualifiedName {
  std::string schema;
  std::string name;
};
QualifiedName ReadName(const Json& value, const std::string& path);
// As JSON text, {"name", "schema"}.
std::string NameText(const QualifiedName& name);
QualifiedName RequireName(const Json& object, const char* name, const std::string& path);

}  // namespace threefactor::metadata
