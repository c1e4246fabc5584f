#include "sql/compile.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

constexpr std::size_t kMaximumParameters = 65535;  // of the wire protocol

Compiled::Kind KindOf(plan::Plan::Kind kind) {
  switch (kind) {
    case plan::Plan::Kind::kQuery:
      return Compiled::Kind::kQuery;
    case plan::Plan::Kind::kMutation:
      return Compiled::Kind::kMutation;
    case plan::Plan::Kind::kSubscription:
      break;
  }
  return Compiled::Kind::kSubscription;
}

class Compiler {
 public:
  Compiler(const plan::Plan& plan, JsonShape shape, std::size_t most_characters)
      : plan_(plan), shape_(shape), most_characters_(most_characters), context_(shape, most_characters) {
    compiled_.kind = KindOf(plan.kind);
  }

  Compilation Run() {
    text_ = "{";
    for (const plan::Root& root : plan_.roots) {
      text_ += (&root == &plan_.roots.front() ? "\"" : ",\"") + root.key + "\":";
      if (const auto* write = std::get_if<plan::Write>(&root.node)) {
        AddWrite(*write);
      } else if (const auto* writes = std::get_if<std::vector<plan::Write>>(&root.node)) {
        AddWrites(*writes);
      } else {
        AddRead(std::get<plan::Output>(root.node));
      }
    }
    text_ += '}';
    FinishReads();
    compiled_.parts.push_back({std::move(text_)});
    std::sort(compiled_.reads.begin(), compiled_.reads.end());
    compiled_.reads.erase(std::unique(compiled_.reads.begin(), compiled_.reads.end()), compiled_.reads.end());
    for (const Statement& statement : compiled_.statements) Check(statement);
    return {std::move(compiled_), std::move(sources_)};
  }

 private:
  void AddRead(const plan::Output& output) {
    if (output.kind == plan::Output::Kind::kConstant) {
      text_ += output.constant;
      return;
    }
    const bool may_be_none = output.kind == plan::Output::Kind::kObject;
    reads_.push_back({std::exchange(text_, ""), RenderRead(context_, output, nullptr), may_be_none});
    // A function that changes something takes its turn among the other fields.
    if (plan_.kind == plan::Plan::Kind::kMutation) FinishReads();
  }

  // In order, each seeing what those before it did.
  void AddWrites(const std::vector<plan::Write>& writes) {
    text_ += '[';
    for (const plan::Write& write : writes) {
      if (&write != &writes.front()) text_ += ',';
      AddWrite(write);
    }
    text_ += ']';
  }

  void AddWrite(const plan::Write& write) {
    compiled_.residue = schema::Residue::kAnything;  // of triggers
    WriteStatements result = RenderWrite(write, shape_, most_characters_);
    if (result.statements.empty()) {
      text_ += result.constant;
      return;
    }
    for (Statement& statement : result.statements) compiled_.statements.push_back(std::move(statement));
    for (Sources& sources : result.sources) sources_.push_back(std::move(sources));
    compiled_.parts.push_back({std::exchange(text_, ""), static_cast<int>(compiled_.statements.size()) - 1, 0});
  }

  // All root fields of a query in one statement, so under one snapshot; a lone one needs no subselect. Of several, the
  // whole text is one column, so that one limit holds for all. (A function takes no more than 100 arguments, an array
  // any number; || would hold all that it made on the way.)
  void FinishReads() {
    if (reads_.empty()) return;
    Statement statement;
    statement.error_path = "$";
    if (reads_.size() == 1) {
      compiled_.parts.push_back({std::move(reads_.front().before), static_cast<int>(compiled_.statements.size()), 0});
      statement.text = std::move(reads_.front().sql);
      if (reads_.front().may_be_none) statement.empty_result = "null";
    } else {
      compiled_.parts.push_back({"", static_cast<int>(compiled_.statements.size()), 0});
      std::string texts;
      for (const Read& read : reads_) {
        texts += (texts.empty() ? "" : ", ") + QuoteLiteral(read.before) + ", ";
        texts += read.may_be_none ? "coalesce((" + read.sql + "),'null')" : '(' + read.sql + ')';
      }
      statement.text = "SELECT " + context_.Answer(Call("array_to_string", "ARRAY[" + texts + "], ''"));
    }
    statement.parameters = context_.TakeParameters();
    sources_.push_back(context_.TakeSources());
    compiled_.statements.push_back(std::move(statement));
    compiled_.reads.insert(compiled_.reads.end(), context_.reads().begin(), context_.reads().end());
    compiled_.residue = std::max(compiled_.residue, context_.residue());
    compiled_.uses_session |= context_.uses_session();
    reads_.clear();
    context_ = Context(shape_, most_characters_);
  }

  static void Check(const Statement& statement) {
    if (statement.parameters.size() > kMaximumParameters) {
      throw Error(code::kBadRequest,
                  "too many values in one field: " + std::to_string(statement.parameters.size()) + ", at most " +
                      std::to_string(kMaximumParameters),
                  statement.error_path);
    }
  }

  struct Read {
    std::string before;  // of the response, since the last one
    std::string sql;
    bool may_be_none;
  };

  const plan::Plan& plan_;
  const JsonShape shape_;
  const std::size_t most_characters_;
  Compiled compiled_;
  std::vector<Sources> sources_;
  Context context_;
  std::vector<Read> reads_;
  std::string text_;
};

}  // namespace

Compilation CompilePlan(const plan::Plan& plan, JsonShape shape, std::size_t most_characters) {
  return Compiler(plan, shape, most_characters).Run();
}

}  // namespace threefactor::sql
