// The parts of the SQL stage, each in the file named after it; used by each other and by compile.cpp only.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "sql/compiled.hpp"
#include "sql/fragment.hpp"

namespace threefactor::sql {

// where.cpp: a condition on the row `alias`, in parentheses where it needs them.
std::string RenderCondition(Context& context, const plan::Condition& condition, const std::string& alias);
bool IsAlwaysTrue(const plan::Condition& condition);
// The equalities of a join: `to`."a" = `from`."b" AND ...
std::string RenderJoin(const plan::Join& join, const std::string& to, const std::string& from);

// rows.cpp: FROM ... for `rows`, with the columns that `row` uses. `join_condition`: empty, or one more condition on
// the alias it was made for, which is `inner`.
struct Source {
  std::string inner;           // alias of the table itself
  std::string join_condition;  // on that alias
};
bool IsPlain(const plan::Rows& rows);  // neither order nor limits: the table can be named directly
std::string RenderFrom(Context& context, const plan::Rows& rows, const Row& row, const Source& source);

// read.cpp
std::string JsonOf(const schema::Column& column, const std::string& sql);  // text that is JSON, never null
// {"a":...} of the row, as an expression of type text.
std::string RenderObject(Context& context, const std::vector<plan::Output>& members, Row& row);
// A complete SELECT of one text column; none or one row for kObject, one row otherwise. `outer`: the row that the
// output's join starts from, null at the root.
std::string RenderRead(Context& context, const plan::Output& output, Row* outer);
std::string ListOf(const std::string& object);  // '['||coalesce(string_agg(object,','),'')||']'

// aggregate.cpp: {"aggregate":{...},"nodes":[...]} over the rows of `row`.
std::string RenderAggregates(Context& context, const std::vector<plan::AggregateOutput>& outputs, Row& row);
// The call alone: sum(alias."column").
std::string RenderFunction(std::string_view function, const schema::Column& column, const std::string& sql);

// write.cpp: the statements of one mutation field, to run in this order; the last one's first column is the JSON.
// None when there is nothing to do; then `constant` is the JSON.
struct WriteStatements {
  std::vector<Statement> statements;
  std::vector<Sources> sources;  // parallel
  std::string constant;
};
WriteStatements RenderWrite(const plan::Write& write, const std::string& path);

// modify.cpp: INSERT, UPDATE or DELETE without its RETURNING.
std::string RenderModification(Context& context, const plan::Write& write);

}  // namespace threefactor::sql
