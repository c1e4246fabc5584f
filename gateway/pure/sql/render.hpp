// The parts of the SQL stage, each in the file named after it; used by each other and by compile.cpp only.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "sql/compiled.hpp"
#include "sql/fragment.hpp"

namespace threefactor::sql {

// where.cpp: a condition on the row `alias`, in parentheses where it needs them. The alias is that of a relation.
std::string RenderCondition(Context& context, const plan::Condition& condition, const std::string& alias);
bool IsAlwaysTrue(const plan::Condition& condition);

// operand.cpp: a call with the row `row`, which may be empty where the function takes none.
std::string RenderCall(Context& context, const plan::Call& call, const std::string& row);
// The value of an operand for the row or, if it is an aggregate, over the rows `alias`.
std::string RenderOperand(Context& context, const plan::Operand& operand, const std::string& alias);
// The rows at the other end of a join, as `to`: what to read them FROM, and the equalities they fulfil (may be empty).
struct Reached {
  std::string from;
  std::string condition;
};
Reached RenderJoin(Context& context, const plan::Join& join, const std::string& to, const std::string& from);
// `to`."a" = `from`."b" AND ...
std::string RenderEqualities(const plan::Join& join, const std::string& to, const std::string& from);

// rows.cpp: FROM ... for `rows`, with the columns that `row` uses. `join_condition`: empty, or one more condition on
// the alias it was made for, which is `inner`.
struct Source {
  std::string inner;           // alias of the table or function itself
  std::string join_condition;  // on that alias
  std::string outer_row;       // what a function called with a row takes
};
bool IsPlain(const plan::Rows& rows);  // neither order nor limits: the table can be named directly
std::string RenderFrom(Context& context, const plan::Rows& rows, const Row& row, const Source& source);

// read.cpp
JsonValue ValueOf(const Context& context, const schema::Column& column, const std::string& sql);
JsonValue CountOf(const Context& context, const std::string& sql);                // a bigint that is not null
JsonValue ToJson(const Context& context, const std::string& sql, bool not_null);  // what to_json makes of it
// {"a":...} of the row.
Json RenderObject(Context& context, const std::vector<plan::Output>& members, Row& row);
// A complete SELECT of one text column; none or one row for kObject, one row otherwise. `outer`: the row that the
// output's join starts from, null at the root.
std::string RenderRead(Context& context, const plan::Output& output, Row* outer);

// aggregate.cpp: {"aggregate":{...},"nodes":[...]} over the rows of `row`.
std::string RenderAggregates(Context& context, const std::vector<plan::AggregateOutput>& outputs, bool is_ordered,
                             Row& row);
// Whether they aggregate anything: an object of constants alone does not.
bool IsOfRows(const std::vector<plan::AggregateOutput>& outputs);
// The call alone: sum(alias."column"). `column`: of what type the arguments are.
std::string RenderFunction(std::string_view function, const schema::Column& column,
                           const std::vector<std::string>& arguments, bool is_distinct);

// write.cpp: the statements of one mutation field, to run in this order; the last one's first column is the JSON.
// None when there is nothing to do; then `constant` is the JSON.
struct WriteStatements {
  std::vector<Statement> statements;
  std::vector<Sources> sources;  // parallel
  std::string constant;
  void Add(Statement statement, Context& context);  // with the context's parameters
};
WriteStatements RenderWrite(const plan::Write& write, JsonShape shape, std::size_t most_characters);

// modify.cpp: INSERT, UPDATE or DELETE of the table as `alias`, without its RETURNING.
std::string RenderUpdate(Context& context, const plan::Write& write, const std::string& alias);
std::string RenderDelete(Context& context, const plan::Write& write, const std::string& alias);
// `keys`: columns that every row gets, with their SQL.
using Keys = std::vector<std::pair<const schema::Column*, std::string>>;
std::string RenderInsert(Context& context, const plan::Insert& insert, const Keys& keys, const std::string& alias);

// related.cpp: the statements of inserts some of which bring rows of other tables along. Afterwards the settings
// kReturned and kAffected hold what `row` uses of the rows, and how many were inserted in all.
void RenderInserts(const std::vector<plan::Insert>& inserts, const Row& row, WriteStatements& result);

// stored.cpp: rows that one statement leaves for a later one of its transaction, in a setting. The names are not of the
// extension's prefix, which the server may reserve.
inline constexpr std::string_view kReturned = "threefactor_gateway.returned";
inline constexpr std::string_view kAffected = "threefactor_gateway.affected";
std::string RenderReturning(const Row& row, const std::string& alias);    // RETURNING what `row` uses of `alias`
std::string RenderStore(const Row& row);                                  // an aggregate: these rows as one text
std::string RenderStored(const Row& row, const schema::Table& table);     // FROM the rows in kReturned
std::string SetSetting(std::string_view name, const std::string& value);  // set_config(...), answering ''
std::string GetSetting(std::string_view name);                            // current_setting(...)

}  // namespace threefactor::sql
