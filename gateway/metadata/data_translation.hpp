// The language of Hasura's first data API -> the operation of GraphQL that it stands for, as the parser would have made
// it (language/ast.hpp), and its variables. Names are the database's in that language, and operators begin with "$" (or
// "_"). Every key of every object means something or is refused. Pure: no I/O.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_builder.hpp"
#include "language/ast.hpp"
#include "metadata/arguments.hpp"
#include "plan/plan.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor::metadata {

// Borrows from the request, which must outlive it: values become part of the variables as they are. For one operation.
class Translation {
 public:
  using Arguments = std::vector<language::Argument>;
  using Selections = std::vector<language::Selection>;
  using TypeWrapper = language::TypeReference::Wrapper;

  // `path`: of the arguments, for errors. All that follows throws Error.
  Translation(std::string path, std::shared_ptr<const schema::Schema> schema);

  const std::string& path() const { return path_; }
  const schema::Table& FindTable(const Json& args) const;
  // Of a root field over a table.
  const std::string& RootField(const schema::Type* root, schema::FieldKind kind, const schema::Table& table) const;

  // where, order_by, limit, offset and distinct_on, those that are given.
  Arguments ListArguments(const Json& args, const schema::Table& table, const std::string& path);
  // An argument whose value is a variable of this type and value.
  language::Argument Pass(std::string_view argument, const std::string& type, std::vector<TypeWrapper> wrappers,
                          const Json& value);
  // Columns and relationships, by the names that the answer gives them.
  Selections Select(const Json& columns, const schema::Table& table, const std::string& path);
  // A field that keeps its name.
  static language::Selection Field(std::string_view name, Arguments arguments, Selections selections);

  // Values of t_bool_exp.
  Json Where(const Json& value, const schema::Table& table, const std::string& path);

  const schema::Column& FindColumn(const Json& name, const schema::Table& table, const std::string& path) const;

  // Makes values that live as long as the translation.
  JsonBuilder& values() { return values_; }

  // Called once, last. `root`: the only root field. `amend` may change the plan before it becomes SQL.
  std::shared_ptr<const sql::Compiled> Compile(language::OperationDefinition::Kind kind, language::Selection root,
                                               const std::function<void(plan::Plan&)>& amend = {});

 private:
  std::string Operator(std::string_view name, const std::string& path);
  Json Operators(const Json& value, const std::string& path);
  Json Wheres(const Json& list, const schema::Table& table, const std::string& path);
  Json Orders(const Json& value, const schema::Table& table, const std::string& path);
  Json Order(const Json& value, const schema::Table& table, const std::string& path);
  Json Order(std::string_view column, std::string_view direction, const schema::Table& table, const std::string& path);
  Json Columns(const Json& list, const schema::Table& table, const std::string& path);
  language::Selection Related(const Json& column, const schema::Table& table, const std::string& path);
  // The place in the request that a place in the document stands for; where that is not known, the arguments.
  std::string PathOf(const std::string& document_path) const;
  const schema::Table& Target(const schema::Relationship& relationship) const;
  // A copy that lives as long as the document.
  std::string_view Keep(std::string text);

  const std::string path_;
  const std::shared_ptr<const schema::Schema> schema_;
  language::Document document_;
  language::OperationDefinition operation_;
  JsonBuilder values_;
  std::vector<Json> variables_;      // names and values of one object
  std::set<std::string> operators_;  // that were named with "$", by the names they have in GraphQL
};

// One step further from a place in the request.
std::string At(const std::string& path, std::string_view key);
std::string At(const std::string& path, std::size_t index);

}  // namespace threefactor::metadata
