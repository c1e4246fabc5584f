#include "postgres/error.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

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
    Rule{"23505", kConstraintViolation, "Uniqueness violation. "},
    Rule{"23503", kConstraintViolation, "Foreign key violation. "},
    Rule{"23502", kConstraintViolation, "Not-NULL violation. "},
    Rule{"23P01", kConstraintViolation, "Exclusion violation. "},
    Rule{"23001", kConstraintViolation, "Can not delete or update due to data being referred. "},
    Rule{"23514", kPermissionError, "Check constraint violation. "},
    Rule{"42501", kPermissionError, ""},
    Rule{"22025", code::kBadRequest, ""},
    Rule{"22", "data-exception", ""},
    Rule{"42704", kConstraintError, ""},
    Rule{"40", "concurrent-update", ""},
};

std::string Internal(std::string_view sqlstate, std::string_view message, std::string_view detail,
                     std::string_view hint) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto member = [&writer](const char* key, std::string_view value, bool null_when_empty) {
    writer.Key(key);
    if (value.empty() && null_when_empty)
      writer.Null();
    else
      writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  writer.StartObject();
  writer.Key("error");
  writer.StartObject();
  member("exec_status", "FatalError", false);
  member("hint", hint, true);
  member("message", message, false);
  member("status_code", sqlstate, false);
  member("description", detail, true);
  writer.EndObject();
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

Error Translate(std::string_view sqlstate, std::string_view message, std::string path) {
  if (sqlstate == "42501" && message.find("row-level security") != std::string_view::npos)
    return {kPermissionError, "check constraint of an insert/update permission has failed", std::move(path)};
  if (sqlstate == "42P10")
    return {kConstraintError, "there is no unique or exclusion constraint on target column(s)", std::move(path)};
  if (sqlstate == "53300") return {"postgres-max-connections-error", std::string(message), std::move(path)};
  // Not the statement's fault: the connection was refused, cut, or ended by an administrator.
  if (sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate.starts_with("28") || sqlstate == "3D000")
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
  Error lost = FromPostgres("08006", why, "", "", "$");
  if (!is_outcome_unknown) return lost;
  return Error(code::kPostgresError,
               "connection lost before the database confirmed the commit: the mutation may or may not have happened")
      .WithInternal(lost.internal());
}

bool MayBeOutdated(std::string_view sqlstate) {
  if (sqlstate.starts_with("42")) return sqlstate != "42501";  // what is not there, or of another type; not rights
  return sqlstate == "3F000" || sqlstate == "XX000" || sqlstate == "0A000" || sqlstate == "26000";
}

}  // namespace threefactor::postgres
