// The smallest parts of SQL text. Every identifier, literal and value of every statement goes through one of these, and
// what else has a name through qualified.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.hpp"

namespace threefactor::sql {

std::string QuoteIdentifier(std::string_view name);  // "name"
std::string QuoteLiteral(std::string_view text);     // 'text': response keys and type names, never values

// Of each parameter: the request's value that it is the text of, or null. Borrowed from the plan.
using Sources = std::vector<const validation::Value*>;

// How statements make JSON.
enum class JsonShape {
  kFunctions,      // of the extension: threefactor_json
  kConcatenation,  // of texts, where the extension is not there: the same bytes
};

// What one statement gathers while its text is made.
class Context {
 public:
  // `shape` is of no matter where no JSON is made. `most_characters`: of an answer; 0: any number.
  explicit Context(JsonShape shape = JsonShape::kConcatenation, std::size_t most_characters = 0)
      : shape_(shape), most_characters_(most_characters) {}
  JsonShape shape() const { return shape_; }
  std::string Parameter(plan::Text value, std::string_view type);  // ($1)::type
  std::string Alias();                                             // _0, _1 ...
  std::string Read(const schema::Table& table);                    // "schema"."table", noted as read
  std::string Read(const schema::Function& function);              // "schema"."name", likewise
  std::string SessionVariables();                                  // as json
  // An expression of type text that is (a part of) what the gateway receives: past the limit it fails with SQLSTATE
  // 22001, so that the gateway need not have room for it.
  std::string Answer(const std::string& text) const;
  std::vector<std::optional<std::string>> TakeParameters() { return std::move(parameters_); }
  Sources TakeSources() { return std::move(sources_); }
  const std::vector<schema::Oid>& reads() const { return reads_; }
  schema::Residue residue() const { return residue_; }
  bool uses_session() const { return uses_session_; }

 private:
  JsonShape shape_;
  std::vector<std::optional<std::string>> parameters_;
  Sources sources_;
  std::vector<schema::Oid> reads_;
  schema::Residue residue_ = schema::Residue::kNothing;
  std::size_t most_characters_;
  int aliases_ = 0;
  bool uses_session_ = false;
};

std::string TableName(const schema::Table& table);  // "schema"."table"

// What a subselect calls the whole row that it passes on: no column of the API has such a name.
inline constexpr std::string_view kWholeRow = "\"*\"";
inline constexpr std::string_view kPlace = "\"#\"";  // of Row::UsePlace

// A row in scope: its alias, and what the text made so far takes from it.
class Row {
 public:
  // `is_relation`: the alias is that of a table or function, not of a subselect, which has no row type.
  Row(std::string alias, bool is_relation) : alias_(std::move(alias)), is_relation_(is_relation) {}
  const std::string& alias() const { return alias_; }
  const std::vector<const schema::Column*>& columns() const { return columns_; }
  bool is_used_whole() const { return is_used_whole_; }
  std::string Use(const schema::Column& column);  // alias."column"
  std::string UseWhole();                         // of the table's row type
  bool is_place_used() const { return is_place_used_; }
  std::string UsePlace();  // its place in the order of the rows; not where the alias is that of a table

 private:
  std::string alias_;
  bool is_relation_;
  bool is_used_whole_ = false;
  bool is_place_used_ = false;
  std::vector<const schema::Column*> columns_;
};

// SQL for a value inside of JSON.
struct JsonValue {
  std::string sql;
  bool is_text;  // of type text and JSON already; else written by its type, one of those that threefactor_json knows
};

// JSON made of constants and values, as one expression of type text that is not null. In the shape kConcatenation all
// values are text and not null. Any number of values will do: more than a function takes are written in chunks.
class Json {
 public:
  explicit Json(JsonShape shape) : shape_(shape) {}
  void BeginObject();
  void AddKey(
      std::string_view key);  // "key": of a member of the object that was begun last, after a comma where needed
  void AddText(std::string_view text);
  void AddValue(const JsonValue& value);
  void EndObject();
  std::string Take();
  // Of one for each row. `order`: what the elements are sorted by; empty: as the rows come.
  JsonValue TakeList(const std::string& order = "");
  // The same of so many rows at most, those that come first.
  JsonValue TakeFirst(std::int32_t most, const std::string& order);

 private:
  void Reserve();   // room for one more value
  void EndChunk();  // what is pending becomes a chunk
  void JoinChunks();
  void Flush();
  std::string CallExtension(std::string_view function, std::string_view order = "");

  JsonShape shape_;
  bool has_members_ = false;         // the object that was begun last
  std::size_t values_ = 0;           // in what follows
  std::string sql_;                  // so far, or the arguments behind the template
  std::string pending_;              // constant text, or the whole template
  std::vector<std::string> chunks_;  // before it: expressions of type text
};

// A JSON list of texts, itself a text. Any number will do, as functions take no more than 100.
std::string ListOfTexts(const std::vector<std::string>& texts);

}  // namespace threefactor::sql
