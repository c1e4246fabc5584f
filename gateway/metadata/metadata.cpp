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
#include "metadata/whole.hpp"

namespace threefactor::metadata {

namespace {

struct Meaning {
  std::string_view sqlstate;
  std::string_view code;
};

// An administrator is told what Postgres said; the code is what scripts look at.
constexpr std::array kMeanings = {
    Meaning{sqlstate::kDuplicateObject, code::kAlreadyExists},
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
    Meaning{sqlstate::kAlreadyExists, code::kAlreadyExists},
    Meaning{sqlstate::kNotExists, "not-exists"},
    Meaning{sqlstate::kNoSuchTable, "not-exists"},
    Meaning{sqlstate::kNotSupported, "not-supported"},
    Meaning{sqlstate::kInvalidConfiguration, "invalid-configuration"},
    Meaning{sqlstate::kDependency, "dependency-error"},
    Meaning{sqlstate::kDenied, "permission-denied"},
    Meaning{sqlstate::kInconsistent, "unexpected"},
    Meaning{sqlstate::kVersionConflict, code::kConflict},
};

Error Explain(const Error& error, const Command& command) {
  const bool is_run_sql = command.answer == Command::Answer::kRows;
  const std::string& object = command.object;
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
  const std::string where = sqlstate == sqlstate::kNoSuchTable ? error.path() + command.table_path : error.path();
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

Reply Render(const Batch& batch, const std::vector<execute::Executor::Rows>& results) {
  std::string body;
  std::size_t first = batch.expected_version ? 2 : 1;  // after the settings
  static const execute::Executor::Rows kNone;
  for (const Command& command : batch.commands) {
    const auto& rows = command.result < 0 ? kNone : results.at(first + static_cast<std::size_t>(command.result));
    body.append(command.before).append(RenderAnswer(command, rows)).append(command.after);
    first += command.statements.size();
  }
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
      return ErrorReply(Explain(*error, command));
    }
    return Render(batch, std::get<std::vector<execute::Executor::Rows>>(outcome));
  } catch (const Error& error) {
    return ErrorReply(error);
  }
}

// What a request needs until it is answered. The surroundings live longer.
struct Pending {
  Surroundings surroundings;
  Session session;
  JsonDocument request;
  JsonDocument stored;  // what is inconsistent
  std::function<void(Reply)> done;
};

// Runs one batch in a transaction of its own. `done`: what it answers, and whether the catalog has to be read again.
void Run(const Surroundings& surroundings, const Session& session, const std::shared_ptr<const Batch>& batch,
         std::function<void(Reply, bool)> done) {
  std::vector<sql::Statement> statements = {SettingsStatement(surroundings.schemas, surroundings.role_prefix)};
  if (batch->expected_version)
    statements.push_back(
        {"SELECT threefactor.resource_version($1::pg_catalog.int8)", {batch->expected_version}, "$", ""});
  bool changes_schema = false;
  for (const Command& command : batch->commands) {
    changes_schema |= command.changes_schema;
    statements.insert(statements.end(), command.statements.begin(), command.statements.end());
  }
  surroundings.executor.RunStatements(
      std::move(statements), session,
      [batch, changes_schema, done = std::move(done)](const execute::Executor::RowsOutcome& outcome) {
        done(Finish(*batch, outcome), changes_schema && !std::holds_alternative<Error>(outcome));
      });
}

// The next request sees what this one made. A schema that cannot be read is logged; this request did its work.
void Complete(const Pending& pending, Reply reply, bool changes_schema) {
  if (!changes_schema) return pending.done(std::move(reply));
  pending.surroundings.reload_schema(
      [done = pending.done, reply = std::move(reply)](const std::optional<Error>&) { done(reply); });
}

// The requests of a bulk_keep_going, one after another: what one of them answers, or why it failed, is one item of the
// list.
class KeepGoing : public std::enable_shared_from_this<KeepGoing> {
 public:
  KeepGoing(std::shared_ptr<Pending> pending, const Json& requests)
      : pending_(std::move(pending)), requests_(requests) {}

  void Next() {
    if (next_ == requests_.Items().size()) return Complete(*pending_, {200, body_ + "]"}, changes_schema_);
    const std::size_t place = next_++;
    auto batch = std::make_shared<Batch>();
    try {
      *batch = ParseBatch(requests_.Items()[place], {pending_->surroundings.schema, &pending_->stored.root()},
                          fmt::format("$.args[{}]", place));
    } catch (const Error& error) {
      Note(ErrorReply(error), false);
      return Next();
    }
    Run(pending_->surroundings, pending_->session, batch,
        [self = shared_from_this()](const Reply& reply, bool changes) {
          self->Note(reply, changes);
          self->Next();
        });
  }

 private:
  void Note(const Reply& reply, bool changes_schema) {
    if (body_.size() > 1) body_.append(",");
    body_.append(reply.body);
    changes_schema_ |= changes_schema;
  }

  std::shared_ptr<Pending> pending_;
  const Json& requests_;
  std::size_t next_ = 0;
  std::string body_ = "[";
  bool changes_schema_ = false;
};

void Start(const std::shared_ptr<Pending>& pending) {
  try {
    const Json& request = pending->request.root();
    if (const Json* requests = KeptGoing(request)) return std::make_shared<KeepGoing>(pending, *requests)->Next();
    const auto batch =
        std::make_shared<const Batch>(ParseBatch(request, {pending->surroundings.schema, &pending->stored.root()}));
    Run(pending->surroundings, pending->session, batch,
        [pending](Reply reply, bool changes) { Complete(*pending, std::move(reply), changes); });
  } catch (const Error& error) {
    pending->done(ErrorReply(error));
  }
}

// Nothing is stored for whoever may not ask, and where the extension is gone again.
bool IsNobodys(const Error& error) {
  return error.sqlstate() == sqlstate::kInsufficientPrivilege || error.sqlstate() == sqlstate::kUndefinedFunction ||
         error.sqlstate() == sqlstate::kInvalidSchemaName;
}

}  // namespace

sql::Statement SettingsStatement(const std::vector<std::string>& schemas, const std::string& role_prefix) {
  return {
      "SELECT pg_catalog.set_config('threefactor_gateway.schemas', $1, true), "
      "pg_catalog.set_config('threefactor_gateway.role_prefix', $2, true)",
      {execute::TextArray(schemas), role_prefix},
      "$",
      ""};
}

void HandleRequest(const Surroundings& surroundings, const Session& session, std::string_view body,
                   std::function<void(Reply)> done) {
  auto pending = std::make_shared<Pending>(Pending{surroundings, session, {}, {}, std::move(done)});
  try {
    pending->request = ParseJson(body, "the request's body");
  } catch (const Error& error) {
    return pending->done(ErrorReply(error));
  }
  if (!surroundings.schema->catalog().has_extension || !WantsStored(pending->request.root())) return Start(pending);
  surroundings.executor.RunStatements(
      {{"SELECT threefactor.inconsistent_objects()", {}, "$", ""}}, session,
      [pending](const execute::Executor::RowsOutcome& outcome) {
        if (const Error* error = std::get_if<Error>(&outcome)) {
          if (!IsNobodys(*error)) return pending->done(ErrorReply(*error));
        } else {
          const auto& rows = std::get<std::vector<execute::Executor::Rows>>(outcome).at(0).rows;
          pending->stored = ParseJson(rows.at(0).at(0).value_or("[]"), "what is inconsistent");
        }
        Start(pending);
      });
}

}  // namespace threefactor::metadata
