#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

// Each row a list of texts: text is the one form that every type reads back. Rows are separated by commas, so that more
// can be appended.
std::string RenderStore(const Row& row) {
  std::vector<std::string> texts;
  const auto add = [&](const std::string& name) { texts.push_back(Cast(row.alias() + '.' + name, "text")); };
  for (const schema::Column* column : row.columns()) add(QuoteIdentifier(column->name));
  if (row.is_used_whole()) add(std::string(kWholeRow));
  return Call("string_agg", ListOfTexts(texts) + ", ','");
}

std::string RenderStored(const Row& row, const schema::Table& table) {
  std::string columns;
  int place = 0;
  const auto add = [&](const std::string& type, const std::string& name) {
    const std::string text = "(r.value" + Operator("->>") + std::to_string(place) + ')';
    columns += (place == 0 ? "" : ", ") + Cast(text, type) + " AS " + name;
    ++place;
  };
  for (const schema::Column* column : row.columns()) add(column->sql_type, QuoteIdentifier(column->name));
  if (row.is_used_whole()) add(TableName(table), std::string(kWholeRow));
  if (columns.empty()) columns = "1";
  const std::string list = "('['" + Operator("||") + GetSetting(kReturned) + Operator("||") + "']')";
  return " FROM (SELECT " + columns + " FROM " + Call("json_array_elements", Cast(list, "json")) + " AS r) AS " +
         row.alias();
}

// set_config answers the value, which nobody wants to receive: it may be all rows that were written.
std::string SetSetting(std::string_view name, const std::string& value) {
  return Call("left", Call("set_config", QuoteLiteral(name) + ", " + value + ", true") + ", 0");
}

std::string GetSetting(std::string_view name) {
  return Call("current_setting", QuoteLiteral(name));
}

std::string RenderReturning(const Row& row, const std::string& alias) {
  std::string columns;
  for (const schema::Column* column : row.columns()) {
    columns += (columns.empty() ? "" : ", ") + QuoteIdentifier(column->name);
  }
  if (row.is_used_whole()) columns += (columns.empty() ? "" : ", ") + alias + " AS " + std::string(kWholeRow);
  return " RETURNING " + (columns.empty() ? "1" : columns);
}

}  // namespace threefactor::sql
