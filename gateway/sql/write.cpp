// A write and its answer. Where the answer needs the written rows alone, both are one statement. Relationships in
// `returning` must see the state after the write, which a statement's own snapshot does not: then the first statement
// leaves the returned rows, as text, in a setting of the transaction, and the second answers from there. Neither needs
// a reply of the other, so both travel in one pipeline.
#include <algorithm>

#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Output;
using plan::Write;
using plan::WriteOutput;

// Not of the extension's prefix, which the server may reserve.
constexpr std::string_view kReturned = "threefactor_gateway.returned";

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

// The answer over `row`, the written rows.
std::string RenderAnswer(Context& context, const Write& write, Row& row) {
  if (write.is_single) return RenderObject(context, write.members, row);
  Concatenation text;
  char separator = '{';
  for (const WriteOutput& output : write.response) {
    text.AddText({&separator, 1});
    separator = ',';
    text.AddKey(output.key);
    switch (output.kind) {
      case WriteOutput::Kind::kConstant:
        text.AddText(output.constant);
        break;
      case WriteOutput::Kind::kAffectedRows:
        text.AddExpression("count(*)::text");
        break;
      case WriteOutput::Kind::kReturning:
        text.AddText("[");
        text.AddExpression("coalesce(string_agg(" + RenderObject(context, output.members, row) + ",','),'')");
        text.AddText("]");
        break;
    }
  }
  text.AddText("}");
  return text.Take();
}

// An answer of constants has no row to speak of; the write is done all the same.
std::string FromWritten(const Write& write, const std::string& from) {
  const bool is_constant =
      !write.is_single && std::all_of(write.response.begin(), write.response.end(), [](const WriteOutput& output) {
        return output.kind == WriteOutput::Kind::kConstant;
      });
  return is_constant ? "" : from;
}

std::string NothingWritten(const Write& write) {
  if (write.is_single) return "null";
  std::string json;
  for (const WriteOutput& output : write.response) {
    json += (json.empty() ? "{\"" : ",\"") + output.key + "\":";
    json += output.kind == WriteOutput::Kind::kConstant       ? output.constant
            : output.kind == WriteOutput::Kind::kAffectedRows ? "0"
                                                              : "[]";
  }
  return json + '}';
}

// WITH row AS (INSERT ... RETURNING the columns that `row` uses)
std::string RenderWith(Context& context, const Write& write, const Row& row) {
  std::string columns;
  for (const schema::Column* column : row.columns()) {
    columns += (columns.empty() ? "" : ", ") + QuoteIdentifier(column->name);
  }
  if (columns.empty()) columns = "1";
  return "WITH " + row.alias() + " AS (" + RenderModification(context, write) + " RETURNING " + columns + ") ";
}

void Add(WriteStatements& result, Context& context, std::string text, const Write& write, const std::string& path) {
  result.statements.push_back({std::move(text), context.TakeParameters(), path, write.is_single ? "null" : ""});
  result.sources.push_back(context.TakeSources());
}

// The written rows as a list of lists of texts: text is the one form that every type reads back.
std::string RenderStore(const Row& row) {
  std::string texts;
  for (const schema::Column* column : row.columns()) {
    texts += (texts.empty() ? "" : ", ") + row.alias() + '.' + QuoteIdentifier(column->name) + "::text";
  }
  return "SELECT set_config(" + QuoteLiteral(kReturned) + ", coalesce(json_agg(json_build_array(" + texts +
         "))::text, '[]'), true) FROM " + row.alias();
}

std::string RenderStored(const Row& row) {
  std::string columns;
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    const schema::Column& column = *row.columns()[i];
    columns += (i == 0 ? "" : ", ") + ("(r.value->>" + std::to_string(i)) + ")::" + column.sql_type + " AS " +
               QuoteIdentifier(column.name);
  }
  if (columns.empty()) columns = "1";
  return " FROM (SELECT " + columns + " FROM json_array_elements(current_setting(" + QuoteLiteral(kReturned) +
         ")::json) AS r) AS " + row.alias();
}

}  // namespace

WriteStatements RenderWrite(const Write& write, const std::string& path) {
  WriteStatements result;
  const bool is_nothing = (write.kind == Write::Kind::kInsert && write.objects.empty()) ||
                          (write.kind == Write::Kind::kUpdate && write.assignments.empty());
  if (is_nothing) {
    result.constant = NothingWritten(write);
    return result;
  }
  Context context;
  Row row("w");
  const std::string answer = RenderAnswer(context, write, row);
  if (!NeedsOtherRows(write)) {
    std::string text =
        RenderWith(context, write, row) + "SELECT " + answer + FromWritten(write, " FROM " + row.alias());
    Add(result, context, std::move(text), write, path);
    return result;
  }
  Context first;
  std::string store = RenderWith(first, write, row) + RenderStore(row);
  Add(result, first, std::move(store), write, path);
  Add(result, context, "SELECT " + answer + RenderStored(row), write, path);
  return result;
}

}  // namespace threefactor::sql
