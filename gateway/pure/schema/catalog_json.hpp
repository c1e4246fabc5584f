// Reading the JSON document of CatalogQuery. Internal to this folder. Each throws Error(kUnexpected) when it has
// another shape.
#pragma once

#include <rapidjson/document.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "schema/catalog.hpp"

namespace threefactor::schema {

using Json = rapidjson::Value;

[[noreturn]] inline void Malformed(const std::string& what) {
  throw Error(code::kUnexpected, "database catalog: " + what);
}

inline const Json& Member(const Json& object, const char* name) {
  if (!object.IsObject()) Malformed(std::string("no object around ") + name);
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd()) Malformed(std::string("no ") + name);
  return member->value;
}

inline std::string_view Text(const Json& value) {
  if (!value.IsString()) Malformed("a string is missing");
  return {value.GetString(), value.GetStringLength()};
}

inline bool Flag(const Json& value) {
  if (!value.IsBool()) Malformed("a boolean is missing");
  return value.GetBool();
}

inline unsigned Number(const Json& value) {
  if (!value.IsUint()) Malformed("a number is missing");
  return value.GetUint();
}

inline auto List(const Json& value) {
  if (!value.IsArray()) Malformed("a list is missing");
  return value.GetArray();
}

// Null: the type has none of its own. Arrays have the operators of all arrays.
inline std::shared_ptr<const OwnNames> FindOwnNames(const Catalog& catalog, std::string_view schema,
                                                    std::string_view type, bool is_array) {
  const auto found = catalog.own_names.find({std::string(schema), std::string(type)});
  return is_array || found == catalog.own_names.end() ? nullptr : found->second;
}

// A table together with what its columns are called in constraints.
struct Numbered {
  Table table;
  std::map<unsigned, int> index_of;  // attribute number to index

  int Index(const Json& number) const {
    const auto found = index_of.find(Number(number));
    if (found == index_of.end()) Malformed("a key names a column that does not exist");
    return found->second;
  }
  std::vector<int> Indexes(const Json& numbers) const {
    std::vector<int> indexes;
    for (const Json& number : List(numbers)) indexes.push_back(Index(number));
    return indexes;
  }
};

}  // namespace threefactor::schema
