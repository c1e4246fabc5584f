#include "api/identify.hpp"

#include <utility>

#include "auth/session_variables.hpp"
#include "transport/http_message.hpp"
#include "transport/web_origin.hpp"

namespace threefactor::api {

namespace {

bool HasAdminSecret(const std::map<std::string, std::string>& headers) {
  return headers.contains("x-hasura-admin-secret") || headers.contains("x-hasura-access-key");
}

void Ask(Service& service, const auth::Question& question, const auth::Done& done) {
  if (service.authenticator != nullptr && !HasAdminSecret(question.headers))
    return service.authenticator->Authenticate(question, done);
  done([&]() -> auth::Outcome {
    try {
      return Authenticate(question.headers, service.options);
    } catch (const Error& error) {
      return auth::Refusal{error, error.code() == code::kAccessDenied ? 401 : 400};
    }
  }());
}

}  // namespace

bool NeedsRequest(const Service& service, const httplib::Request& request) {
  return service.authenticator != nullptr && service.authenticator->NeedsRequest() &&
         !request.has_header("x-hasura-admin-secret") && !request.has_header("x-hasura-access-key");
}

void Identify(Service& service, const httplib::Request& request, std::string_view graphql, const auth::Done& done) {
  std::map<std::string, std::string> headers;
  try {
    headers = transport::LowerCaseHeaders(request);
  } catch (const Error& error) {
    return done(auth::Refusal{error, 401});
  }
  if (!transport::MayUseCookies(headers, service.options)) headers.erase("cookie");
  std::map<std::string, std::string> spellings;
  if (service.options.auth_hook.is_post)
    for (const auto& [name, value] : request.headers) spellings.emplace(auth::LowerCase(name), name);
  Ask(service, {headers, spellings, graphql}, done);
}

void Identify(Service& service, std::map<std::string, std::string> headers,
              const std::map<std::string, std::string>& handshake, const auth::Done& done) {
  const bool is_cookie_told = headers.contains("cookie");  // by the page itself, not by its browser
  headers.insert(handshake.begin(), handshake.end());
  if (!is_cookie_told && !transport::MayUseCookies(handshake, service.options)) headers.erase("cookie");
  Ask(service, {headers, {}, {}}, done);
}

}  // namespace threefactor::api
