// Inserts that bring rows of other tables along: one statement after the other, in the order of plan/insert.cpp. Keys
// flow from one to the next through settings of the transaction, as JSON lists of texts:
//   keys_D    of the row inserted last at depth D, for the rows that come after it
//   keys_D_N  of the row that a row at depth D waits for, its Nth
// Their names depend on the request's shape alone, so that objects of one shape share their statements' text.
#include <fmt/format.h>

#include "schema/names.hpp"
#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Insert;
using plan::RelatedInsert;
using schema::Column;

constexpr std::string_view kKeys = "threefactor_gateway.keys";

const Column& At(const schema::Table& table, int index) {
  return table.columns[static_cast<std::size_t>(index)];
}

// Columns of a row that others need, and the setting where these find them.
struct Wanted {
  std::string setting;
  std::vector<const Column*> columns;
  std::string refusal;  // what is said when there is no such row, and where
  std::string refusal_path;
};

class RelatedInserts {
 public:
  RelatedInserts(const Row& row, WriteStatements& result) : returned_(row), result_(result) {}

  void Run(const std::vector<Insert>& inserts) {
    Statement start;
    start.text = "SELECT " + SetSetting(kReturned, "''") + ", " + SetSetting(kAffected, "'0'");
    start.error_path = inserts.front().path;
    Context nothing;
    result_.Add(std::move(start), nothing);
    for (const Insert& insert : inserts) Add(insert, {}, {}, 0);
  }

 private:
  // `keys`: what the row takes from the one before it. `wanted`: what the one before it, or after it, takes from the
  // row.
  void Add(const Insert& insert, Keys keys, std::vector<Wanted> wanted, int depth) {
    int number = 0;
    for (const RelatedInsert& related : insert.before) {
      const std::string setting = fmt::format("{}_{}_{}", kKeys, depth, number++);
      Wanted parent{setting, {}, "", related.path};
      for (const auto& [own, others] : related.relationship->columns) {
        const Insert& first = related.inserts.front();
        const Column& column = At(*insert.table, own);
        keys.emplace_back(&column, Key(setting, parent.columns.size(), column));
        parent.columns.push_back(&At(*first.table, others));
        parent.refusal = fmt::format(
            "cannot proceed to insert object relation \"{}\" since insert to table \"{}\" affects zero rows",
            related.relationship->name, schema::QualifiedName(first.table->schema, first.table->name));
      }
      for (const Insert& each : related.inserts) Add(each, {}, {parent}, depth + 1);
    }
    Wanted own{fmt::format("{}_{}", kKeys, depth),
               {},
               fmt::format("cannot proceed to insert array relations since insert to table \"{}\" affects zero rows",
                           schema::QualifiedName(insert.table->schema, insert.table->name)),
               insert.path};
    std::vector<Keys> keys_of_children;
    for (const RelatedInsert& related : insert.after) {
      Keys& child = keys_of_children.emplace_back();
      for (const auto& [mine, others] : related.relationship->columns) {
        const Column& column = At(*related.inserts.front().table, others);
        child.emplace_back(&column, Key(own.setting, own.columns.size(), column));
        own.columns.push_back(&At(*insert.table, mine));
      }
    }
    if (!own.columns.empty()) wanted.push_back(std::move(own));
    AddStatement(insert, keys, wanted, depth == 0);
    for (std::size_t i = 0; i < insert.after.size(); ++i) {
      for (const Insert& each : insert.after[i].inserts) Add(each, keys_of_children[i], {}, depth + 1);
    }
  }

  static std::string Key(const std::string& setting, std::size_t place, const Column& column) {
    const std::string keys = Cast(GetSetting(setting), "json");
    return Cast(fmt::format("({}{}{})", keys, Operator("->>"), place), column.sql_type);
  }

  void AddStatement(const Insert& insert, const Keys& keys, const std::vector<Wanted>& wanted, bool is_root) {
    Context context;
    Row row = is_root ? returned_ : Row("w", false);
    for (const Wanted& each : wanted) {
      for (const Column* column : each.columns) row.Use(*column);
    }
    const std::string alias = context.Alias();
    Statement statement;
    statement.error_path = insert.path;
    statement.text =
        "WITH " + row.alias() + " AS (" + RenderInsert(context, insert, keys, alias) + RenderReturning(row, alias) +
        ") SELECT " +
        SetSetting(
            kAffected,
            Cast('(' + Cast(GetSetting(kAffected), "bigint") + Operator("+") + Call("count", "*") + ')', "text"));
    if (is_root) {
      const std::string before = GetSetting(kReturned);
      const std::string with_comma = "CASE WHEN " + before + Operator("<>") + "'' THEN " + before + " END";
      statement.text +=
          ", " + SetSetting(kReturned, Call("concat_ws", "',', " + with_comma + ", " + RenderStore(returned_)));
    }
    if (!wanted.empty()) {
      statement.refusal = wanted.front().refusal;
      statement.refusal_path = wanted.front().refusal_path;
    }
    for (const Wanted& each : wanted) {
      std::vector<std::string> texts;
      for (const Column* column : each.columns) texts.push_back(Cast(row.Use(*column), "text"));
      // The text is no number, and one that depends on the rows is not tried before they are there.
      const std::string count = Call("count", "*");
      const std::string refusal = '(' + QuoteLiteral(statement.refusal) + Operator("||") +
                                  Call("repeat", "' ', " + Cast(count, "integer")) + ')';
      statement.text += ", " + SetSetting(each.setting, "CASE WHEN " + count + Operator("=") + "1 THEN " +
                                                            Call("min", ListOfTexts(texts)) + " ELSE " +
                                                            Cast(Cast(refusal, "integer"), "text") + " END");
    }
    statement.text += " FROM " + row.alias();
    result_.Add(std::move(statement), context);
  }

  const Row& returned_;
  WriteStatements& result_;
};

}  // namespace

void RenderInserts(const std::vector<Insert>& inserts, const Row& row, WriteStatements& result) {
  RelatedInserts(row, result).Run(inserts);
}

}  // namespace threefactor::sql
