// The one error type of the gateway. Every stage throws it; transport turns it into the Hasura shape
//   {"errors":[{"message":M,"extensions":{"path":P,"code":C}}]}
// (gateway/dialect/errors.md). Codes are the strings that frontends match on.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace threefactor {

namespace code {
inline constexpr std::string_view kAccessDenied = "access-denied";
inline constexpr std::string_view kAlreadyExists = "already-exists";
inline constexpr std::string_view kBadRequest = "bad-request";
inline constexpr std::string_view kBusy = "busy";
inline constexpr std::string_view kConflict = "conflict";
inline constexpr std::string_view kInvalidConfiguration = "invalid-configuration";
inline constexpr std::string_view kInvalidHeaders = "invalid-headers";
inline constexpr std::string_view kInvalidJson = "invalid-json";
inline constexpr std::string_view kInvalidJwt = "invalid-jwt";
inline constexpr std::string_view kInvalidParams = "invalid-params";
inline constexpr std::string_view kJwtInvalidClaims = "jwt-invalid-claims";
inline constexpr std::string_view kJwtMissingRoleClaims = "jwt-missing-role-claims";
inline constexpr std::string_view kNotFound = "not-found";
inline constexpr std::string_view kNotSupported = "not-supported";
inline constexpr std::string_view kParseFailed = "parse-failed";
inline constexpr std::string_view kPersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND";  // Apollo's
inline constexpr std::string_view kPostgresError = "postgres-error";
inline constexpr std::string_view kResponseTooLarge = "response-too-large";
inline constexpr std::string_view kUnexpected = "unexpected";
inline constexpr std::string_view kValidationFailed = "validation-failed";
}  // namespace code

class Error : public std::exception {
 public:
  // `path` is a JSONPath into the request, "$" when nothing more precise is known.
  Error(std::string_view code, std::string message, std::string path = "$")
      : code_(code), message_(std::move(message)), path_(std::move(path)) {}

  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& path() const { return path_; }

  // What Postgres said (sqlstate, detail, hint) as a JSON object; shown to administrators only. Empty: nothing.
  const std::string& internal() const { return internal_; }
  Error&& WithInternal(std::string json) && {
    internal_ = std::move(json);
    return std::move(*this);
  }
  // Of Postgres; empty: the error is not the database's.
  const std::string& sqlstate() const { return sqlstate_; }
  Error&& WithSqlState(std::string_view sqlstate) && {
    sqlstate_ = sqlstate;
    return std::move(*this);
  }

 private:
  std::string code_;
  std::string message_;
  std::string path_;
  std::string internal_;
  std::string sqlstate_;
};

// The whole response body {"errors":[...]}. `show_internal`: add extensions.internal.
std::string ToResponseBody(const Error& error, bool show_internal = false);
// {"path","error","code"}, with "internal" where there is some: how everything but GraphQL reports errors.
std::string ToApiErrorBody(const Error& error);
// The array alone, [{...}], as the graphql-transport-ws `error` message carries it.
std::string ToErrorArray(const Error& error, bool show_internal = false);

}  // namespace threefactor
