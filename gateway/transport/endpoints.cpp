#include "transport/endpoints.hpp"

#include "metadata/metadata.hpp"
#include "transport/content_coding.hpp"
#include "transport/explain_endpoint.hpp"
#include "transport/graphql_endpoint.hpp"
#include "transport/graphql_request.hpp"
#include "transport/web_origin.hpp"

namespace threefactor::transport {

namespace {

// Clients of Hasura read the number to know what they may ask for; the rest says who answers.
constexpr std::string_view kVersionBody =
    "{\"version\":\"v2.36.0-threefactor-" THREEFACTOR_VERSION "\",\"server_type\":\"ce\"}";

Reply MalformedReply(const Malformed& malformed) {
  Reply reply = ErrorReply(malformed.status, malformed.error);
  reply.headers = malformed.headers();
  return reply;
}

// Of what only administrators may ask.
std::optional<Reply> AdmitAdmin(const Service& service, const httplib::Request& request, Identity& identity) {
  try {
    CheckContentType(request);
    identity = Authenticate(IdentityHeaders(request), service.options);
    if (identity.is_admin) return std::nullopt;
    return ErrorReply(400, Error(code::kAccessDenied, "restricted access: admin only"));
  } catch (const Malformed& malformed) {
    return MalformedReply(malformed);
  } catch (const Error& error) {
    return ErrorReply(error.code() == code::kAccessDenied ? 401 : 400, error);
  }
}

// Answers those whose body cannot be read.
void WithBody(const Service& service, const HttpRequest& request,
              const std::function<void(std::string_view body)>& handle) {
  try {
    const DecodedBody body(request.body, HeaderOf(request.parsed, "content-encoding"), service.options.max_body_bytes,
                           request.share);
    handle(body.text());
  } catch (const Malformed& malformed) {
    request.responder->Send(MalformedReply(malformed));
  } catch (const Error& error) {
    request.responder->Send(ErrorReply(400, error));
  }
}

void HandleMetadata(Service& service, const HttpRequest& request) {
  WithBody(service, request, [&](std::string_view body) {
    metadata::HandleRequest(service, request.identity.session, body,
                            [responder = request.responder](metadata::Reply answer) {
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
  if (request.parsed.headers.contains("access-control-request-method"))
    reply.headers.append(PreflightHeaders(HeaderOf(request.parsed, "access-control-request-headers")));
  request.responder->Send(std::move(reply));
}

}  // namespace

void AddEndpoints(Router& router, Service& service) {
  // cpp-httplib tries them in this order.
  const auto graphql = [&router, &service](const std::string& path, GraphqlPath kind) {
    const Endpoint endpoint = {[&service, kind](const httplib::Request& request, Identity& identity) {
                                 return AdmitGraphql(service, kind, request, identity);
                               },
                               [&service, kind](const HttpRequest& request) { HandleGraphql(service, kind, request); }};
    router.Post(path, endpoint);
    router.Get(path, endpoint);
  };
  graphql("/v1/graphql", GraphqlPath::kV1);
  graphql("/v1alpha1/graphql", GraphqlPath::kV1Alpha1);
  const auto admin = [&router, &service](const std::string& path, Endpoint::Handle handle) {
    router.Post(path, {[&service](const httplib::Request& request, Identity& identity) {
                         return AdmitAdmin(service, request, identity);
                       },
                       std::move(handle)});
  };
  admin("/v1/graphql/explain", [&service](const HttpRequest& request) {
    WithBody(service, request, [&](std::string_view body) { HandleExplain(service, body, request.responder); });
  });
  for (const char* path : {"/v1/query", "/v2/query", "/v1/metadata"})
    admin(path, [&service](const HttpRequest& request) { HandleMetadata(service, request); });
  router.Get("/healthz", {nullptr, [&service](const HttpRequest& request) { HandleHealth(service, request); }});
  router.Get("/v1/version", {nullptr, HandleVersion});
  router.Options({nullptr, HandleOptions});
}

}  // namespace threefactor::transport
