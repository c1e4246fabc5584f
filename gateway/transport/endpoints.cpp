#include "transport/endpoints.hpp"

#include "metadata/metadata.hpp"
#include "transport/content_coding.hpp"
#include "transport/cors.hpp"
#include "transport/explain_endpoint.hpp"
#include "transport/graphql_endpoint.hpp"
#include "transport/graphql_request.hpp"

namespace threefactor::transport {

namespace {

// Clients of Hasura read the number to know what they may ask for; the rest says who answers.
constexpr std::string_view kVersionBody =
    "{\"version\":\"v2.36.0-threefactor-" THREEFACTOR_VERSION "\",\"server_type\":\"ce\"}";

// What only administrators may ask. Others get their answer here, and so do those whose body cannot be read.
void Administer(const Service& service, const HttpRequest& request,
                const std::function<void(const Identity& admin, std::string_view body)>& handle) {
  try {
    const Identity identity = Authenticate(IdentityHeaders(request.parsed), service.options);
    if (!identity.is_admin) {
      const Error refusal(code::kAccessDenied, "restricted access: admin only");
      return request.responder->Send(ErrorReply(400, refusal));
    }
    const auto coding = request.parsed.headers.find("content-encoding");
    const DecodedBody body(request.body, coding == request.parsed.headers.end() ? "" : coding->second,
                           service.options.max_body_bytes);
    handle(identity, body.text());
  } catch (const Malformed& malformed) {
    request.responder->Send(ErrorReply(malformed.status, malformed.error));
  } catch (const Error& error) {
    request.responder->Send(ErrorReply(error.code() == code::kAccessDenied ? 401 : 400, error));
  }
}

void HandleMetadata(Service& service, const HttpRequest& request) {
  Administer(service, request, [&](const Identity& admin, std::string_view body) {
    metadata::HandleRequest(service, admin.session, body, [responder = request.responder](metadata::Reply answer) {
      Reply reply;
      reply.status = answer.status;
      reply.body = std::move(answer.body);
      responder->Send(std::move(reply));
    });
  });
}

void HandleHealth(Service& service, const HttpRequest& request) {
  const bool healthy = service.executor.IsConnected();
  Reply reply;
  reply.status = healthy ? 200 : 500;
  reply.content_type = kPlainText;
  reply.body = healthy ? "OK" : "ERROR";
  request.responder->Send(std::move(reply));
}

void HandleVersion(const HttpRequest& request) {
  Reply reply;
  reply.body = kVersionBody;
  request.responder->Send(std::move(reply));
}

void HandleOptions(const HttpRequest& request) {
  Reply reply;
  reply.status = 204;
  reply.headers = "Allow: GET, POST, OPTIONS\r\n";
  const auto& headers = request.parsed.headers;
  if (headers.contains("access-control-request-method")) {
    const auto wanted = headers.find("access-control-request-headers");
    reply.headers.append(PreflightHeaders(wanted == headers.end() ? "" : wanted->second));
  }
  request.responder->Send(std::move(reply));
}

}  // namespace

void AddEndpoints(Router& router, Service& service) {
  // cpp-httplib tries them in this order.
  const auto graphql = [&router, &service](const std::string& path, GraphqlPath kind) {
    const auto handle = [&service, kind](const HttpRequest& request) { HandleGraphql(service, kind, request); };
    router.Post(path, handle);
    router.Get(path, handle);
  };
  graphql("/v1/graphql", GraphqlPath::kV1);
  graphql("/v1alpha1/graphql", GraphqlPath::kV1Alpha1);
  router.Post("/v1/graphql/explain", [&service](const HttpRequest& request) {
    Administer(service, request,
               [&](const Identity&, std::string_view body) { HandleExplain(service, body, request.responder); });
  });
  for (const char* path : {"/v1/query", "/v2/query", "/v1/metadata"})
    router.Post(path, [&service](const HttpRequest& request) { HandleMetadata(service, request); });
  router.Get("/healthz", [&service](const HttpRequest& request) { HandleHealth(service, request); });
  router.Get("/v1/version", HandleVersion);
  router.Options(HandleOptions);
}

}  // namespace threefactor::transport
