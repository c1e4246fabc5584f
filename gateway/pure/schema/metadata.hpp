// What the extension's metadata (sql/metadata.sql) adds to the catalog: names, relationships, enum tables, functions.
// Internal to this folder; borrows the JSON document.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "schema/catalog_json.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

// Null: there is none of this name, or it is null.
const Json* Find(const Json& object, std::string_view name);
// The string below `names`, or nothing.
std::string TextAt(const Json& object, std::initializer_list<std::string_view> names);

class Metadata {
 public:
  // `document`: the member "metadata" of CatalogQuery's answer; absent or null without the extension. Throws Error when
  // it has another shape.
  explicit Metadata(const Json* document);

  void CustomizeColumn(Oid table, Column& column) const;
  void Customize(Table& table, Catalog& catalog) const;  // notes values of enum tables that it leaves out
  // Columns that refer to an enum table get its type.
  void AddEnums(std::vector<Numbered>& tables, const std::vector<ForeignKey>& keys) const;
  void AddRelationships(std::vector<Numbered>& tables, Catalog& catalog) const;  // likewise
  // Tracked ones and those of computed fields; `reads`: by their oid (functions.cpp).
  void AddFunctions(Catalog& catalog, const Json& reads) const;
  void AddPermissions(Catalog& catalog) const;  // permissions.cpp

 private:
  const Json* Entry(Oid table) const;          // null: none
  const Json* Configuration(Oid table) const;  // likewise

  const Json* document_ = nullptr;
  std::map<Oid, const Json*> tables_;
};

}  // namespace threefactor::schema
