// A write and its answer. Where the answer needs the written rows alone, both are one statement: of a single row its
// RETURNING is the answer, of several the answer aggregates what a WITH returns. Relationships and
// computed fields in `returning` must see the state after the write, which a statement's own snapshot does not: then
// the write leaves the returned rows in a setting of the transaction, and a second statement answers from there. None
// of the statements needs a reply of another, so all travel in one pipeline.
#include <algorithm>

#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Output;
using plan::Write;
using plan::WriteOutput;

bool NeedsOtherRows(const std::vector<Output>& members) {
  return std::any_of(members.begin(), members.end(), [](const Output& member) {
    return member.kind != Output::Kind::kConstant && member.kind != Output::Kind::kColumn;
  });
}

bool NeedsOtherRows(const Write& write) {
  return NeedsOtherRows(write.members) ||
         std::any_of(write.response.begin(), write.response.end(),
                     [](const WriteOutput& output) { return NeedsOtherRows(output.members); });
}

// The answer over `row`, the written rows. `affected`: their number.
std::string RenderAnswer(Context& context, const Write& write, Row& row, const JsonValue& affected) {
  if (write.is_single) return RenderObject(context, write.members, row).Take();
  Json json(context.shape());
  json.BeginObject();
  for (const WriteOutput& output : write.response) {
    json.AddKey(output.key);
    switch (output.kind) {
      case WriteOutput::Kind::kConstant:
        json.AddText(output.constant);
        break;
      case WriteOutput::Kind::kAffectedRows:
        json.AddValue(affected);
        break;
      case WriteOutput::Kind::kReturning:
        json.AddValue(RenderObject(context, output.members, row).TakeList());
        break;
    }
  }
  json.EndObject();
  return json.Take();
}

// Without a member that is made of rows, the answer is one anyway.
bool IsOfRows(const Write& write, bool count_is_of_rows) {
  return write.is_single || std::any_of(write.response.begin(), write.response.end(), [&](const WriteOutput& output) {
           return output.kind == WriteOutput::Kind::kReturning ||
                  (output.kind == WriteOutput::Kind::kAffectedRows && count_is_of_rows);
         });
}

std::string NothingWritten(const Write& write) {
  if (write.is_single) return "null";
  std::string members;
  for (const WriteOutput& output : write.response) {
    members += (members.empty() ? "\"" : ",\"") + output.key + "\":";
    members += output.kind == WriteOutput::Kind::kConstant       ? output.constant
               : output.kind == WriteOutput::Kind::kAffectedRows ? "0"
                                                                 : "[]";
  }
  return '{' + members + '}';
}

std::string RenderModification(Context& context, const Write& write, const std::string& alias) {
  switch (write.kind) {
    case Write::Kind::kInsert:
      return RenderInsert(context, write.inserts.front(), {}, alias);
    case Write::Kind::kUpdate:
      return RenderUpdate(context, write, alias);
    case Write::Kind::kDelete:
      break;
  }
  return RenderDelete(context, write, alias);
}

// WITH row AS (INSERT ... RETURNING what `row` uses)
std::string RenderWith(Context& context, const Write& write, const Row& row) {
  const std::string alias = context.Alias();
  return "WITH " + row.alias() + " AS (" + RenderModification(context, write, alias) + RenderReturning(row, alias) +
         ") ";
}

// Where its errors are reported: of inserts at the objects, of what has no one place in the request at its root.
std::string ErrorPath(const Write& write) {
  return write.inserts.empty() ? "$" : write.inserts.front().path;
}

void Add(WriteStatements& result, Context& context, std::string text, const Write& write) {
  result.Add({std::move(text), {}, ErrorPath(write), write.is_single ? "null" : "", ""}, context);
}

bool BringsOthers(const plan::Insert& insert) {
  return !insert.before.empty() || !insert.after.empty();
}

}  // namespace

void WriteStatements::Add(Statement statement, Context& context) {
  statement.parameters = context.TakeParameters();
  statements.push_back(std::move(statement));
  sources.push_back(context.TakeSources());
}

WriteStatements RenderWrite(const Write& write, JsonShape shape, std::size_t most_characters) {
  WriteStatements result;
  const bool is_nothing = (write.kind == Write::Kind::kInsert && write.inserts.empty()) ||
                          (write.kind == Write::Kind::kUpdate && write.assignments.empty());
  if (is_nothing) {
    result.constant = NothingWritten(write);
    return result;
  }
  const bool is_sequence = write.inserts.size() > 1 || (!write.inserts.empty() && BringsOthers(write.inserts.front()));
  const bool is_stored = is_sequence || NeedsOtherRows(write);
  Context context(shape, most_characters);
  if (write.is_single && !is_stored) {
    Row written(context.Alias(), true);
    std::string text = RenderModification(context, write, written.alias()) + " RETURNING ";
    Add(result, context, text + context.Answer(RenderObject(context, write.members, written).Take()), write);
    return result;
  }
  Row row("w", false);
  const JsonValue affected =
      is_sequence ? JsonValue{GetSetting(kAffected), true} : CountOf(context, Call("count", "*"));
  const std::string answer = context.Answer(RenderAnswer(context, write, row, affected));
  const bool is_of_rows = IsOfRows(write, !is_sequence);
  if (!is_stored) {
    const std::string from = is_of_rows ? " FROM " + row.alias() : "";
    std::string text = RenderWith(context, write, row) + "SELECT " + answer + from;
    Add(result, context, std::move(text), write);
    return result;
  }
  if (is_sequence) {
    RenderInserts(write.inserts, row, result);
  } else {
    Context first;
    std::string store = RenderWith(first, write, row) + "SELECT " +
                        SetSetting(kReturned, "coalesce(" + RenderStore(row) + ", '')") + " FROM " + row.alias();
    Add(result, first, std::move(store), write);
  }
  const std::string from = is_of_rows ? RenderStored(row, *write.table) : "";
  Add(result, context, "SELECT " + answer + from, write);
  return result;
}

}  // namespace threefactor::sql
