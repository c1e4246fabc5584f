#include "base/http_status.hpp"

namespace threefactor {

int HttpStatus(const Error& error, Api api) {
  const std::string_view code = error.code();
  if (code == code::kAccessDenied) return 401;
  if (code == code::kBusy) return 503;
  if (code == code::kConflict) return 409;
  // Of the administrator's APIs an error with details, of Postgres or of the metadata, is a refusal of the request.
  if (code == code::kUnexpected) return api == Api::kGraphql || error.internal().empty() ? 500 : 400;
  if (code == code::kPostgresError) return api == Api::kGraphql ? 500 : 400;
  return 400;
}

}  // namespace threefactor
