// Hasura's metadata, as a file or a request holds it, taken apart into its objects, each with the statement that makes
// it. A pure function of its arguments.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "metadata/arguments.hpp"
#include "sql/compiled.hpp"

namespace threefactor::metadata {

struct Object {
  std::string kind;     // the list of the metadata in which it stands: "object_relationships"; or "table", "function"
  QualifiedName owner;  // the table or function that it is, or belongs to; empty: neither
  std::string name;     // in its list
  std::string type;     // as errors call it: "object_relation"
  std::string label;    // for people: "object_relation author in table article in source default"
  std::string item;     // JSON: what the metadata has
  std::string path;     // where it stands
  sql::Statement statement{};
  std::string reason{};  // why it could not be made
};

struct Document {
  std::vector<Object> objects;     // in the order in which they can be made
  std::vector<Error> refused;      // what cannot be: unknown keys, what is not offered; each with its path
  std::vector<std::string> notes;  // what is kept and does nothing here
};

// Of the forms 1, 2 (tables at the top) and 3 (sources). Requires a value without repeated keys (RefuseRepeatedKeys).
Document ReadDocument(const Json& metadata, const std::string& path);

// What threefactor.inconsistent_objects gives, a list, in the order in which it can be made.
std::vector<Object> ReadStored(const Json& stored);

// The argument of threefactor.replace_metadata.
std::string WriteCalls(const std::vector<Object>& objects);

// How errors and get_inconsistent_metadata show it: {"definition", "name", "reason", "type"}.
std::string Show(const Object& object);

}  // namespace threefactor::metadata
