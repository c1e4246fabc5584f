// The language of Hasura's first data API -> the text of a GraphQL document and its variables. Names are the
// database's there, and operators begin with "$" (or "_"). Every key of every object means something or is refused.
// Pure: no I/O.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "metadata/arguments.hpp"
#include "plan/plan.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor::metadata {

class Translation {
 public:
  // `path`: of the arguments, for errors. All that follows throws Error.
  Translation(std::string path, std::shared_ptr<const schema::Schema> schema);

  const std::string& path() const { return path_; }
  const schema::Table& FindTable(const Json& args) const;
  // Of a root field over a table.
  const std::string& RootField(const schema::Type* root, schema::FieldKind kind, const schema::Table& table) const;

  // (where: $v0 order_by: $v1 ...), or nothing.
  std::string ListArguments(const Json& args, const schema::Table& table, const std::string& path);
  // One argument of the document, its value a variable: JSON text.
  std::string Pass(std::string_view argument, const std::string& type, const std::string& value);
  // {id name: fullName author{...}}
  std::string Selection(const Json& columns, const schema::Table& table, const std::string& path);

  // JSON texts.
  std::string Where(const Json& value, const schema::Table& table, const std::string& path);
  std::string Columns(const Json& list, const schema::Table& table, const std::string& path) const;

  const schema::Column& FindColumn(const Json& name, const schema::Table& table, const std::string& path) const;

  // `amend` may change the plan before it becomes SQL.
  std::shared_ptr<const sql::Compiled> Compile(std::string_view keyword, const std::string& selection,
                                               const std::function<void(plan::Plan&)>& amend = {}) const;

 private:
  std::string Operator(std::string_view name, const std::string& path);
  std::string Operators(const Json& value, const std::string& path);
  std::string Wheres(const Json& list, const schema::Table& table, const std::string& path);
  std::string Orders(const Json& value, const schema::Table& table, const std::string& path) const;
  std::string Order(const Json& value, const schema::Table& table, const std::string& path) const;
  std::string Order(std::string_view column, const std::string& direction, const schema::Table& table,
                    const std::string& path) const;
  std::string Related(const Json& column, const schema::Table& table, const std::string& path);
  // The place in the request that a place in the document stands for; where that is not known, the arguments.
  std::string PathOf(const std::string& document_path) const;
  const schema::Table& Target(const schema::Relationship& relationship) const;

  const std::string path_;
  const std::shared_ptr<const schema::Schema> schema_;
  std::string declarations_;
  std::string variables_;  // members of a JSON object
  int passed_ = 0;
  std::set<std::string> operators_;  // that were named with "$", by the names they have in GraphQL
};

// The members of a JSON object, one after the other.
class ObjectText {
 public:
  void Add(std::string_view name, std::string_view json);
  std::string Take() const { return '{' + members_ + '}'; }

 private:
  std::string members_;
};

std::string JsonString(std::string_view text);
// One step further from a place in the request.
std::string At(const std::string& path, std::string_view key);
std::string At(const std::string& path, std::size_t index);

}  // namespace threefactor::metadata
