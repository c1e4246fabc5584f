#include "postgres/error.hpp"

#include <array>

#include "base/json_writer.hpp"
#include "base/sqlstate.hpp"

namespace threefactor::postgres {

namespace {

constexpr std::string_view kConstraintViolation = "constraint-violation";
constexpr std::string_view kConstraintError = "constraint-error";
constexpr std::string_view kPermissionError = "permission-error";

struct Rule {
  std::string_view sqlstate;  // five characters, or two for a whole class
  std::string_view code;
  std::string_view prefix;
};

// The first that matches decides.
constexpr std::array kRules = {
    Rule{sqlstate::kUniqueViolation, kConstraintViolation, "Uniqueness violation. "},
    Rule{sqlstate::kForeignKeyViolation, kConstraintViolation, "Foreign key violation. "},
    Rule{sqlstate::kNotNullViolation, kConstraintViolation, "Not-NULL violation. "},
    Rule{sqlstate::kExclusionViolation, kConstraintViolation, "Exclusion violation. "},
    Rule{sqlstate::kRestrictViolation, kConstraintViolation, "Can not delete or update due to data being referred. "},
    Rule{sqlstate::kCheckViolation, kPermissionError, "Check constraint violation. "},
    Rule{sqlstate::kInsufficientPrivilege, kPermissionError, ""},
    Rule{sqlstate::kInvalidEscapeSequence, code::kBadRequest, ""},
    Rule{sqlstate::kDataExceptionClass, "data-exception", ""},
    Rule{sqlstate::kUndefinedObject, kConstraintError, ""},
    Rule{sqlstate::kNoSuchVariable, code::kNotFound, ""},  // the message names it
    Rule{sqlstate::kTransactionRollbackClass, "concurrent-update", ""},
};

std::string Internal(std::string_view sqlstate, std::string_view message, std::string_view detail,
                     std::string_view hint) {
  JsonWriter writer;
  const auto member_or_null = [&writer](std::string_view name, std::string_view text) {
    writer.Key(name);
    text.empty() ? writer.Null() : writer.String(text);
  };
  writer.StartObject();
  writer.Key("error");
  writer.StartObject();
  writer.Member("exec_status", "FatalError");
  member_or_null("hint", hint);
  writer.Member("message", message);
  writer.Member("status_code", sqlstate);
  member_or_null("description", detail);
  writer.EndObject();
  writer.EndObject();
  return writer.Take();
}

Error Translate(std::string_view sqlstate, std::string_view message, std::string path) {
  if (sqlstate == sqlstate::kInsufficientPrivilege && message.find("row-level security") != std::string_view::npos)
    return {kPermissionError, "check constraint of an insert/update permission has failed", std::move(path)};
  if (sqlstate == sqlstate::kInvalidColumnReference)
    return {kConstraintError, "there is no unique or exclusion constraint on target column(s)", std::move(path)};
  if (sqlstate == sqlstate::kTooManyConnections)
    return {"postgres-max-connections-error", std::string(message), std::move(path)};
  // Not the statement's fault: the connection was refused, cut, or ended by an administrator.
  if (sqlstate.starts_with(sqlstate::kConnectionExceptionClass) ||
      sqlstate.starts_with(sqlstate::kOperatorInterventionOfPostgres) ||
      sqlstate.starts_with(sqlstate::kInvalidAuthorizationClass) || sqlstate == sqlstate::kInvalidCatalogName)
    return {code::kPostgresError, "connection error", std::move(path)};
  for (const Rule& rule : kRules)
    if (sqlstate.starts_with(rule.sqlstate))
      return {rule.code, std::string(rule.prefix).append(message), std::move(path)};
  return {code::kUnexpected, "database query error", std::move(path)};
}

}  // namespace

Error FromPostgres(std::string_view sqlstate, std::string_view message, std::string_view detail, std::string_view hint,
                   std::string path) {
  return Translate(sqlstate, message, std::move(path))
      .WithInternal(Internal(sqlstate, message, detail, hint))
      .WithSqlState(sqlstate);
}

Error LostConnection(std::string_view why, bool is_outcome_unknown) {
  Error lost = FromPostgres(sqlstate::kConnectionFailure, why, "", "", "$");
  if (!is_outcome_unknown) return lost;
  return Error(code::kPostgresError,
               "connection lost before the database confirmed the commit: the mutation may or may not have happened")
      .WithInternal(lost.internal());
}

bool MayBeOutdated(std::string_view sqlstate) {
  if (sqlstate.starts_with(sqlstate::kSyntaxErrorOrAccessRuleViolationClass))
    return sqlstate != sqlstate::kInsufficientPrivilege;  // what is not there, or of another type; not rights
  return sqlstate == sqlstate::kInvalidSchemaName || sqlstate == sqlstate::kInternalError ||
         sqlstate == sqlstate::kFeatureNotSupported || sqlstate == sqlstate::kInvalidSqlStatementName;
}

}  // namespace threefactor::postgres
