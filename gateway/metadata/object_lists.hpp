// The lists of the metadata: what each of their items is called, and the statement that makes one. Pure: no I/O.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_builder.hpp"
#include "metadata/arguments.hpp"
#include "metadata/document.hpp"

namespace threefactor::metadata {

struct ListKind {
  std::string_view kind;      // the key in the metadata
  std::string_view type;      // as errors call an item
  std::string_view request;   // that makes one; empty: no request alone does
  std::string_view name_key;  // of an item; empty: it has no name
};
std::span<const ListKind> TableLists();           // in the metadata of a table
std::span<const ListKind> TopLists();             // in the metadata itself
const ListKind& FunctionPermissions();            // in the metadata of a function
const ListKind* FindList(std::string_view kind);  // of all these; null: there is none

// The statement that makes `item`. Throws Error at `path`.
sql::Statement StatementOf(const ListKind& list, const QualifiedName& owner, const Json& item, const std::string& path);
// For people: "object_relation author in table article in source default".
std::string LabelOf(const ListKind& list, const QualifiedName& owner, const std::string& name);
// Into the order in which they can be made.
void SortAsMade(std::vector<Object>& objects);

// The arguments of a request: the members of an item, and more.
class RequestBuilder {
 public:
  explicit RequestBuilder(const Json& item) : builder_(256) {
    for (const auto& [name, value] : item.Members()) values_.insert(values_.end(), {name, value});
  }
  RequestBuilder& Add(std::string_view name, const Json& value) {
    values_.insert(values_.end(), {builder_.String(name), value});
    return *this;
  }
  RequestBuilder& Add(std::string_view name, const QualifiedName& value) {
    const std::array<Json, 4> members = {builder_.String("schema"), builder_.String(value.schema),
                                         builder_.String("name"), builder_.String(value.name)};
    return Add(name, builder_.Object(members));
  }
  JsonDocument Take() { return builder_.Take(builder_.Object(values_)); }

 private:
  JsonBuilder builder_;
  std::vector<Json> values_;
};

}  // namespace threefactor::metadata
