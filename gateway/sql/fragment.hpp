// The smallest parts of SQL text. Every identifier, literal and value of every statement goes through one of these.
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

// What one statement gathers while its text is made.
class Context {
 public:
  // `most_characters`: of an answer; 0: any number.
  explicit Context(std::size_t most_characters = 0) : most_characters_(most_characters) {}

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
  bool uses_session() const { return uses_session_; }

 private:
  std::vector<std::optional<std::string>> parameters_;
  Sources sources_;
  std::vector<schema::Oid> reads_;
  std::size_t most_characters_;
  int aliases_ = 0;
  bool uses_session_ = false;
};

std::string TableName(const schema::Table& table);  // "schema"."table"

// What a subselect calls the whole row that it passes on: no column of the API has such a name.
inline constexpr std::string_view kWholeRow = "\"*\"";

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

 private:
  std::string alias_;
  bool is_relation_;
  bool is_used_whole_ = false;
  std::vector<const schema::Column*> columns_;
};

// Text made of constants and expressions: 'a' || x || 'b'. Expressions are of type text and not null.
class Concatenation {
 public:
  void AddText(std::string_view text) { pending_ += text; }
  void AddKey(std::string_view key);  // "key":
  void AddExpression(std::string_view sql);
  std::string Take();  // SQL; at least one literal

 private:
  void Flush();
  std::string sql_;
  std::string pending_;
};

}  // namespace threefactor::sql
