#include "sql/fragment.hpp"

#include <algorithm>
#include <utility>

#include "sql/qualified.hpp"

namespace threefactor::sql {

namespace {

constexpr std::string_view kObject = "threefactor_json.object";
// An aggregate takes 99 arguments, one of which is the template; a function one more.
constexpr std::size_t kMostValues = 98;

}  // namespace

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
  residue_ = std::max(residue_, table.residue);
  return TableName(table);
}

std::string Context::Read(const schema::Function& function) {
  reads_.insert(reads_.end(), function.reads.begin(), function.reads.end());
  residue_ = schema::Residue::kAnything;
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

std::string Row::UsePlace() {
  is_place_used_ = true;
  return alias_ + '.' + std::string(kPlace);
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

void Json::BeginObject() {
  pending_ += '{';
  has_members_ = false;
}

void Json::EndObject() {
  pending_ += '}';
  has_members_ = true;  // of what it is in
}

void Json::AddKey(std::string_view key) {
  pending_ += has_members_ ? ",\"" : "\"";
  has_members_ = true;
  pending_ += key;
  pending_ += "\":";
}

void Json::AddValue(const JsonValue& value) {
  Reserve();
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

void Json::Reserve() {
  if (values_ == kMostValues) EndChunk();
  ++values_;
}

void Json::EndChunk() {
  if (shape_ == JsonShape::kFunctions) {
    chunks_.push_back(CallExtension(kObject));
  } else {
    Flush();
    chunks_.push_back('(' + std::exchange(sql_, "") + ')');
  }
  values_ = 0;
}

// What is pending is made of the chunks alone from here on, and of no more than one call takes.
void Json::JoinChunks() {
  while (!chunks_.empty()) {
    if (values_ > 0 || !pending_.empty()) EndChunk();
    for (const std::string& chunk : std::exchange(chunks_, {})) AddValue({chunk, true});
  }
}

std::string Json::CallExtension(std::string_view function, std::string_view order) {
  std::string call = std::string(function) + '(' + QuoteLiteral(std::exchange(pending_, "")) + sql_;
  call.append(order) += ')';
  sql_.clear();
  return call;
}

std::string Json::Take() {
  JoinChunks();
  const bool is_template = !sql_.empty() || pending_.find('%') != std::string::npos;
  if (shape_ == JsonShape::kFunctions && is_template) return CallExtension(kObject);
  if (sql_.empty() && pending_.empty()) return "''";
  Flush();
  return std::move(sql_);
}

JsonValue Json::TakeList(const std::string& order) {
  JoinChunks();
  const std::string sorted = order.empty() ? "" : " ORDER BY " + order;
  if (shape_ == JsonShape::kFunctions) return {CallExtension("threefactor_json.list", sorted), true};
  const std::string joined = "coalesce(" + Call("string_agg", Take() + ",','" + sorted) + ",'')";
  return {"'['" + Operator("||") + joined + Operator("||") + "']'", true};
}

JsonValue Json::TakeFirst(std::int32_t most, const std::string& order) {
  const std::string sorted = order.empty() ? "" : " ORDER BY " + order;
  const std::string first = '(' + Call("array_agg", Take() + sorted) + ")[1:" + std::to_string(most) + ']';
  const std::string joined = "coalesce(" + Call("array_to_string", first + ",','") + ",'')";
  return {"('['" + Operator("||") + joined + Operator("||") + "']')", true};
}

std::string ListOfTexts(const std::vector<std::string>& texts) {
  std::string elements;
  for (const std::string& text : texts) elements += (elements.empty() ? "" : ", ") + text;
  return Cast(Call("array_to_json", Cast("ARRAY[" + elements + ']', "text[]")), "text");
}

}  // namespace threefactor::sql
