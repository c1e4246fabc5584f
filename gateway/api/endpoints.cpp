#include "api/endpoints.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "api/explain_endpoint.hpp"
#include "api/graphql_endpoint.hpp"
#include "api/graphql_request.hpp"
#include "api/identify.hpp"
#include "base/http_status.hpp"
#include "metadata/metadata.hpp"
#include "transport/content_coding.hpp"
#include "transport/web_origin.hpp"

namespace threefactor::api {

namespace {

// Clients of Hasura read the number to know what they may ask for; the rest says who answers.
constexpr std::string_view kVersionBody =
    "{\"version\":\"v2.36.0-threefactor-" THREEFACTOR_VERSION "\",\"server_type\":\"ce\"}";

transport::Reply MalformedReply(const transport::Malformed& malformed) {
  transport::Reply reply = transport::ErrorReply(malformed.status, malformed.error);
  reply.headers = malformed.headers();
  return reply;
}

// Of what only administrators may ask.
void AdmitAdmin(Service& service, const transport::Admittance& request, const transport::Endpoint::Decide& decide) {
  try {
    if (request.parsed.method != "GET") CheckContentType(request.parsed);
  } catch (const transport::Malformed& malformed) {
    return decide(MalformedReply(malformed));
  }
  Identify(service, request.parsed, {}, [decide](auth::Outcome outcome) {
    if (const auto* refusal = std::get_if<auth::Refusal>(&outcome))
      return decide(transport::ErrorReply(refusal->status, refusal->error));
    auto& identity = std::get<Identity>(outcome);
    if (identity.is_admin) return decide(std::move(identity));
    decide(transport::ErrorReply(400, Error(code::kAccessDenied, "restricted access: admin only", "$.args")));
  });
}

// Answers those whose body cannot be read.
void WithBody(const Service& service, const transport::HttpRequest& request,
              const std::function<void(std::string_view body)>& handle) {
  try {
    const transport::DecodedBody body(request.body, transport::HeaderOf(request.parsed, "content-encoding"),
                                      service.options.max_body_bytes, request.share);
    handle(body.text());
  } catch (const transport::Malformed& malformed) {
    request.responder->Send(MalformedReply(malformed));
  } catch (const Error& error) {
    request.responder->Send(transport::ErrorReply(HttpStatus(error, Api::kAdmin), error));
  }
}

void HandleMetadata(Service& service, const transport::HttpRequest& request) {
  WithBody(service, request, [&](std::string_view body) {
    const auto admin = service.schemas.Find(request.identity);
    metadata::HandleRequest(
        {service.executor, admin->schema, service.options.schemas, service.options.role_prefix, service.reload_schema},
        SessionOf(request.identity, *admin), body, [responder = request.responder](metadata::Reply answer) {
          transport::Reply reply;
          reply.status = answer.status;
          reply.body = std::move(answer.body);
          responder->Send(std::move(reply));
        });
  });
}

void HandleExplainRequest(Service& service, const transport::HttpRequest& request) {
  WithBody(service, request, [&](std::string_view body) { HandleExplain(service, body, request.responder); });
}

void HandleHealth(Service& service, const transport::HttpRequest& request) {
  const bool healthy = service.executor.IsConnected();
  transport::Reply reply;
  reply.status = healthy ? 200 : 500;
  reply.content_type = transport::kPlainText;
  reply.body = healthy ? "OK" : "ERROR";
  request.responder->Send(std::move(reply));
}

void HandleVersion(Service& /*service*/, const transport::HttpRequest& request) {
  transport::Reply reply;
  reply.body = kVersionBody;
  request.responder->Send(std::move(reply));
}

// Hasura's console and tools ask how the server is set up.
void HandleConfig(Service& service, const transport::HttpRequest& request) {
  transport::Reply reply;
  reply.body = fmt::format(
      R"({{"version":"v2.36.0-threefactor-{}","is_function_permissions_inferred":true,)"
      R"("is_remote_schema_permissions_inferred":false,"is_admin_secret_set":{},"is_auth_hook_set":false,)"
      R"("is_jwt_set":false,"jwt":[],"is_allow_list_enabled":false,)"
      R"("live_queries":{{"batch_size":100,"refetch_delay":0}},"streaming_queries":{{"batch_size":100,"refetch_delay":0}},)"
      R"("console_assets_dir":null,"experimental_features":[],"is_prometheus_metrics_enabled":false}})",
      THREEFACTOR_VERSION, !service.options.admin_secret.empty());
  request.responder->Send(std::move(reply));
}

void HandleOptions(Service& /*service*/, const transport::HttpRequest& request) {
  transport::Reply reply;
  reply.status = 204;
  reply.headers = "Allow: GET, POST, OPTIONS\r\n";
  if (request.parsed.headers.contains("access-control-request-method"))
    reply.headers.append(
        transport::PreflightHeaders(transport::HeaderOf(request.parsed, "access-control-request-headers")));
  request.responder->Send(std::move(reply));
}

template <GraphqlPath kPath>
transport::Endpoint Graphql(Service& service) {
  return {[&service](const transport::Admittance& request, const transport::Endpoint::Decide& decide) {
            AdmitGraphql(service, kPath, request, decide);
          },
          [&service](const transport::HttpRequest& request) { HandleGraphql(service, kPath, request); }};
}

template <void (*kHandle)(Service&, const transport::HttpRequest&)>
transport::Endpoint ForAdmin(Service& service) {
  return {[&service](const transport::Admittance& request, const transport::Endpoint::Decide& decide) {
            AdmitAdmin(service, request, decide);
          },
          [&service](const transport::HttpRequest& request) { kHandle(service, request); }};
}

template <void (*kHandle)(Service&, const transport::HttpRequest&)>
transport::Endpoint ForEveryone(Service& service) {
  return {nullptr, [&service](const transport::HttpRequest& request) { kHandle(service, request); }};
}

using Methods = EndpointRow::Methods;
using Access = EndpointRow::Access;

// cpp-httplib tries them in this order.
constexpr std::array kTable = {
    EndpointRow{
        Methods::kGetAndPost, "/v1/graphql", "application/json", Access::kCaller,
        "The response of one GraphQL request, or of a batch (a list of requests). The status is 200 for errors of "
        "GraphQL too, unless the client accepts application/graphql-response+json. GET takes the parameters "
        "query, operationName, variables, extensions and documentId, and no mutation. GET with Upgrade: "
        "websocket opens a WebSocket (graphql-transport-ws, or graphql-ws of subscriptions-transport-ws); there "
        "connection_init proves who asks.",
        Graphql<GraphqlPath::kV1>},
    EndpointRow{Methods::kGetAndPost, "/v1alpha1/graphql", "application/json", Access::kCaller,
                "The same, but the status tells of errors: 400, 401, 500 or 503.", Graphql<GraphqlPath::kV1Alpha1>},
    EndpointRow{Methods::kPost, "/v1/graphql/explain", "application/json", Access::kAdmin,
                "The SQL and the plan of every root field of the query in {\"query\": {\"query\": ...}}, for the "
                "caller or for {\"user\": session variables}; nothing is executed.",
                ForAdmin<HandleExplainRequest>},
    EndpointRow{Methods::kPost, "/v1/query", "application/json", Access::kAdmin,
                "The answer of one request {\"type\", \"args\"} of the metadata API or of the first data API, or of a "
                "bulk of them.",
                ForAdmin<HandleMetadata>},
    EndpointRow{Methods::kPost, "/v2/query", "application/json", Access::kAdmin, "The same as /v1/query.",
                ForAdmin<HandleMetadata>},
    EndpointRow{Methods::kPost, "/v1/metadata", "application/json", Access::kAdmin, "The same as /v1/query.",
                ForAdmin<HandleMetadata>},
    EndpointRow{Methods::kGet, "/v1alpha1/config", "", Access::kAdmin,
                "How the server is set up, in the members that Hasura's tools read: whether there is an admin secret, "
                "tokens, an allow-list.",
                ForAdmin<HandleConfig>},
    EndpointRow{Methods::kGet, "/healthz", "", Access::kEveryone,
                "200 OK while the database is connected, else 500 ERROR, as plain text.", ForEveryone<HandleHealth>},
    EndpointRow{Methods::kGet, "/v1/version", "", Access::kEveryone,
                "{\"version\", \"server_type\"}: the version of Hasura whose dialect is spoken, then our own.",
                ForEveryone<HandleVersion>},
    EndpointRow{Methods::kOptions, "*", "", Access::kEveryone,
                "204; for a CORS preflight, what a page of an allowed origin may send.", ForEveryone<HandleOptions>},
};

}  // namespace

std::span<const EndpointRow> EndpointTable() {
  return kTable;
}

void AddEndpoints(transport::Router& router, Service& service) {
  for (const EndpointRow& row : kTable) {
    const transport::Endpoint endpoint = row.make(service);
    const std::string path(row.path);
    if (row.methods == Methods::kOptions) router.Options(endpoint);
    if (row.methods == Methods::kPost || row.methods == Methods::kGetAndPost) router.Post(path, endpoint);
    if (row.methods == Methods::kGet || row.methods == Methods::kGetAndPost) router.Get(path, endpoint);
  }
}

}  // namespace threefactor::api
