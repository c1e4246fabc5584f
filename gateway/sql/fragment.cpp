#include "sql/fragment.hpp"

#include <algorithm>

#include "sql/qualified.hpp"

namespace threefactor::sql {

std::string QuoteIdentifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string QuoteLiteral(std::string_view text) {
  // E'' means the same whatever standard_conforming_strings is.
  std::string quoted = text.find('\\') == std::string_view::npos ? "'" : "E'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  return quoted + '\'';
}

std::string TableName(const schema::Table& table) {
  return QuoteIdentifier(table.schema) + '.' + QuoteIdentifier(table.name);
}

std::string Context::Parameter(plan::Text value, std::string_view type) {
  sources_.push_back(value.source);
  parameters_.push_back(std::move(value));
  return Cast("($" + std::to_string(parameters_.size()) + ')', type);
}

std::string Context::Alias() {
  return '_' + std::to_string(aliases_++);
}

std::string Context::Read(const schema::Table& table) {
  reads_.insert(reads_.end(), table.reads.begin(), table.reads.end());
  return TableName(table);
}

std::string Context::Read(const schema::Function& function) {
  reads_.insert(reads_.end(), function.reads.begin(), function.reads.end());
  return QuoteIdentifier(function.schema) + '.' + QuoteIdentifier(function.name);
}

// The function behind the assignment of a text to varchar(n), which compares two numbers; as a cast it would cut off
// the rest in silence. Its n includes the 4 bytes of a header.
std::string Context::Answer(const std::string& text) const {
  if (most_characters_ == 0) return text;
  return Call("\"varchar\"", text + ", " + std::to_string(most_characters_ + 4) + ", false");
}

std::string Context::SessionVariables() {
  uses_session_ = true;
  const std::string setting = Call("current_setting", "'hasura.user', true");
  return Cast("(CASE WHEN " + setting + Operator("<>") + "'' THEN " + setting + " ELSE '{}' END)", "json");
}

std::string Row::UseWhole() {
  is_used_whole_ = true;
  return is_relation_ ? alias_ : alias_ + '.' + std::string(kWholeRow);
}

std::string Row::Use(const schema::Column& column) {
  if (std::find(columns_.begin(), columns_.end(), &column) == columns_.end()) columns_.push_back(&column);
  return alias_ + '.' + QuoteIdentifier(column.name);
}

void Json::AddText(std::string_view text) {
  for (const char c : text) {
    if (c == '%' && shape_ == JsonShape::kFunctions) pending_ += c;
    pending_ += c;
  }
}

void Json::AddKey(std::string_view key) {
  pending_ += '"';
  pending_ += key;
  pending_ += "\":";
}

void Json::AddValue(const JsonValue& value) {
  if (shape_ == JsonShape::kFunctions) {
    pending_ += value.is_text ? "%r" : "%v";
    sql_ += ", " + value.sql;
    return;
  }
  if (sql_.empty() && pending_.empty()) sql_ = "''";  // makes the operator that of text
  Flush();
  if (!sql_.empty()) sql_ += Operator("||");
  sql_ += value.sql;
}

void Json::Flush() {
  if (pending_.empty()) return;
  if (!sql_.empty()) sql_ += Operator("||");
  sql_ += QuoteLiteral(pending_);
  pending_.clear();
}

std::string Json::CallExtension(std::string_view function) {
  return std::string("threefactor_json.").append(function) + '(' + QuoteLiteral(pending_) + sql_ + ')';
}

std::string Json::Take() {
  const bool is_template = !sql_.empty() || pending_.find('%') != std::string::npos;
  if (shape_ == JsonShape::kFunctions && is_template) return CallExtension("object");
  if (sql_.empty() && pending_.empty()) return "''";
  Flush();
  return std::move(sql_);
}

JsonValue Json::TakeList() {
  if (shape_ == JsonShape::kFunctions) return {CallExtension("list"), true};
  const std::string joined = "coalesce(" + Call("string_agg", Take() + ",','") + ",'')";
  return {"'['" + Operator("||") + joined + Operator("||") + "']'", true};
}

}  // namespace threefactor::sql
