#include "metadata/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/http_status.hpp"
#include "base/json.hpp"
#include "base/sqlstate.hpp"
#include "execute/text_array.hpp"
#include "metadata/command.hpp"
#include "metadata/inconsistent.hpp"

namespace threefactor::metadata {

namespace {

struct Meaning {
  std::string_view sqlstate;
  std::string_view code;
};

// An administrator is told what Postgres said; the code is what scripts look at.
constexpr std::array kMeanings = {
    Meaning{sqlstate::kDuplicateObject, "already-exists"},
    Meaning{sqlstate::kUndefinedObject, "not-exists"},
    Meaning{sqlstate::kUndefinedTable, "not-exists"},
    Meaning{sqlstate::kUndefinedColumn, "not-exists"},
    Meaning{sqlstate::kInsufficientPrivilege, "permission-denied"},
    Meaning{sqlstate::kInvalidParameterValue, "invalid-params"},
    Meaning{sqlstate::kSyntaxError, "parse-failed"},
    Meaning{sqlstate::kInvalidTextRepresentation, "parse-failed"},
    // Raised by the functions of the schema threefactor.
    Meaning{sqlstate::kAlreadyTracked, "already-tracked"},
    Meaning{sqlstate::kAlreadyUntracked, "already-untracked"},
    Meaning{sqlstate::kAlreadyExists, "already-exists"},
    Meaning{sqlstate::kNotExists, "not-exists"},
    Meaning{sqlstate::kNoSuchTable, "not-exists"},
    Meaning{sqlstate::kNotSupported, "not-supported"},
    Meaning{sqlstate::kInvalidConfiguration, "invalid-configuration"},
    Meaning{sqlstate::kDependency, "dependency-error"},
    Meaning{sqlstate::kDenied, "permission-denied"},
    Meaning{sqlstate::kInconsistent, "unexpected"},
};

// `object`: of the command that failed.
Error Explain(const Error& error, bool is_run_sql, const std::string& object) {
  if (error.internal().empty()) return error;
  const JsonDocument internal = ParseJson(error.internal(), "what Postgres said");
  const Json* postgres = internal.root().Find("error");
  if (postgres == nullptr) return error;
  const std::string sqlstate = RequireString(*postgres, "status_code", "$");
  std::string message = RequireString(*postgres, "message", "$");
  if (is_run_sql && !sqlstate.starts_with(sqlstate::kThreefactorClass))
    return Error(code::kPostgresError, "query execution failed", error.path()).WithInternal(error.internal());
  if ((sqlstate == sqlstate::kInvalidSchemaName || sqlstate == sqlstate::kUndefinedFunction) &&
      message.find("threefactor") != std::string::npos)
    return Error(code::kNotSupported,
                 "the database lacks the extension: run CREATE EXTENSION threefactor (" + message + ")", error.path())
        .WithInternal(error.internal());
  std::string_view code = code::kPostgresError;
  for (const Meaning& meaning : kMeanings)
    if (meaning.sqlstate == sqlstate) code = meaning.code;
  const std::string where = sqlstate == sqlstate::kNoSuchTable ? error.path() + ".table" : error.path();
  if (!object.empty() && message.starts_with("Inconsistent object: "))
    return Error(code, message, where).WithInternal(Inconsistent(object, message));
  const std::string detail = StringOr(*postgres, "description", "", "$");
  // The detail is the list of objects.
  if (sqlstate == sqlstate::kInconsistent) return Error(code, std::move(message), where).WithInternal(detail);
  if (sqlstate.starts_with(sqlstate::kThreefactorClass) && detail.empty())
    return Error(code, std::move(message), where);  // our own words say it all
  return Error(code, std::move(message), where).WithInternal(error.internal());
}

Reply ErrorReply(const Error& error) {
  return {HttpStatus(error, Api::kAdmin), ToApiErrorBody(error)};
}

// What is served without being tracked: names are checked against it (sql/names.sql).
sql::Statement Schemas(const std::vector<std::string>& schemas) {
  return {
      "SELECT pg_catalog.set_config('threefactor_gateway.schemas', $1, true)", {execute::TextArray(schemas)}, "$", ""};
}

Reply Render(const Batch& batch, const std::vector<execute::Executor::Rows>& results) {
  std::string body = batch.is_bulk ? "[" : "";
  std::size_t first = 1;  // after the schemas
  static const execute::Executor::Rows kNone;
  for (const Command& command : batch.commands) {
    if (&command != &batch.commands.front()) body.append(",");
    const auto& rows = command.result < 0 ? kNone : results.at(first + static_cast<std::size_t>(command.result));
    body.append(RenderAnswer(command, rows));
    first += command.statements.size();
  }
  if (batch.is_bulk) body.append("]");
  return {200, std::move(body)};
}

Reply Finish(const Batch& batch, const execute::Executor::RowsOutcome& outcome) {
  try {
    if (const Error* error = std::get_if<Error>(&outcome)) {
      static const Command kNone;
      const auto failed = std::find_if(batch.commands.begin(), batch.commands.end(),
                                       [&](const Command& command) { return command.path == error->path(); });
      const Command& command = failed == batch.commands.end() ? kNone : *failed;
      if (command.is_data_query) return ErrorReply(*error);
      return ErrorReply(Explain(*error, command.answer == Command::Answer::kRows, command.object));
    }
    return Render(batch, std::get<std::vector<execute::Executor::Rows>>(outcome));
  } catch (const Error& error) {
    return ErrorReply(error);
  }
}

}  // namespace

void HandleRequest(const Surroundings& surroundings, const Session& session, std::string_view body,
                   std::function<void(Reply)> done) {
  auto batch = std::make_shared<Batch>();
  std::vector<sql::Statement> statements;
  bool changes_schema = false;
  try {
    *batch = ParseBatch(ParseJson(body, "the request's body").root(), surroundings.schema);
    statements.push_back(Schemas(surroundings.schemas));
    for (Command& command : batch->commands) {
      changes_schema |= command.changes_schema;
      statements.insert(statements.end(), command.statements.begin(), command.statements.end());
    }
  } catch (const Error& error) {
    return done(ErrorReply(error));
  }
  const auto finish = [reload_schema = surroundings.reload_schema, batch, changes_schema,
                       done = std::move(done)](const execute::Executor::RowsOutcome& outcome) {
    Reply reply = Finish(*batch, outcome);
    if (!changes_schema || std::holds_alternative<Error>(outcome)) return done(std::move(reply));
    // The next request sees what this one made. A schema that cannot be read is logged; this request did its work.
    reload_schema([done, reply = std::move(reply)](const std::optional<Error>&) { done(reply); });
  };
  surroundings.executor.RunStatements(std::move(statements), session, finish);
}

}  // namespace threefactor::metadata
