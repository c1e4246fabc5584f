#include "api/graphql_endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/graphql_request.hpp"
#include "api/identify.hpp"
#include "api/operation_run.hpp"
#include "api/request_text.hpp"
#include "base/http_status.hpp"
#include "pipeline/pipeline.hpp"
#include "postgres/failure_log.hpp"
#include "transport/content_coding.hpp"
#include "transport/header_values.hpp"

namespace threefactor::api {

namespace {

constexpr std::size_t kMostKept = 256 << 10;  // bytes

// One HTTP request and how it wants to be answered.
struct Exchange {
  Service& service;
  std::shared_ptr<transport::Responder> responder;
  Identity identity;
  bool always_ok = true;
  bool is_get = false;
  bool is_large = false;  // too large to be kept for a second run
  std::string_view content_type = transport::kJson;
  std::shared_ptr<Trace> trace = nullptr;  // the client asked for it, and may

  void Send(transport::Reply reply) const {
    reply.content_type = content_type;
    if (trace) reply.headers.append(trace->ServerTiming());
    responder->Send(std::move(reply));
  }
  std::string ErrorBody(const Error& error) const {
    return ToResponseBody(error, ShowsInternal(identity, service.options));
  }
  void SendError(const Error& error, int status) const {
    transport::Reply reply;
    reply.status = status;
    reply.body = ErrorBody(error);
    Send(std::move(reply));
  }
  int StatusFor(const Error& error) const { return always_ok ? 200 : HttpStatus(error, Api::kGraphql); }
};

std::shared_ptr<const sql::Compiled> CompileFor(const Exchange& exchange, const Request& request) {
  Service& service = exchange.service;
  Finish(exchange.trace.get(), Trace::Stage::kRequest);
  auto compiled = Compile(SchemaFor(service, exchange.identity), request, service.options.limits, service.operations,
                          exchange.trace.get());
  if (compiled->kind == sql::Compiled::Kind::kSubscription)
    throw Error("unexpected-payload", "subscriptions are not supported over HTTP, use websockets instead");
  if (exchange.is_get && compiled->kind == sql::Compiled::Kind::kMutation)
    throw transport::Malformed{405, Error("method-not-allowed", "mutations need POST")};
  return compiled;
}

std::shared_ptr<OperationRun> Start(const Exchange& exchange, std::shared_ptr<const sql::Compiled> compiled,
                                    OperationRun::Recompile recompile, execute::Done done) {
  return OperationRun::Start(exchange.service, std::move(compiled), exchange.identity, std::move(recompile),
                             std::move(done), exchange.trace);
}

// What a response says of itself, as a further member; almost always nothing.
std::string ExtensionsOf(const Exchange& exchange, const sql::Compiled& compiled) {
  return exchange.trace ? exchange.trace->Extensions(compiled) : std::string();
}

// `body` is an object.
std::string WithMember(std::string body, const std::string& member) {
  return body.insert(body.size() - 1, member);
}

// Runs `work`; its refusal as a reply.
template <typename Work>
std::optional<transport::Reply> Refused(const Exchange& exchange, const Work& work) {
  transport::Reply reply;
  reply.content_type = exchange.content_type;
  try {
    work();
    return std::nullopt;
  } catch (const transport::Malformed& malformed) {
    reply.status = malformed.status;
    reply.headers = malformed.headers();
    reply.body = exchange.ErrorBody(malformed.error);
  } catch (const Error& error) {
    reply.status = exchange.StatusFor(error);
    reply.body = exchange.ErrorBody(error);
  }
  return reply;
}

// A request that outlives what it was borrowed from. Its variables are text: few requests are compiled again.
class KeptRequest {
 public:
  explicit KeptRequest(const Request& request)
      : query_(request.query),
        operation_name_(request.operation_name),
        variables_(request.variables == nullptr ? std::string() : WriteJson(*request.variables)) {}

  // Calls `use` with the request, and gives back what that does.
  template <typename Use>
  auto With(const Use& use) const {
    if (variables_.empty()) return use(Request{query_, operation_name_, nullptr});
    const JsonDocument variables = ParseJson(variables_, "the variables");
    return use(Request{query_, operation_name_, &variables.root()});
  }

 private:
  const std::string query_;
  const std::string operation_name_;
  const std::string variables_;
};

void RunSingle(const Exchange& exchange, const Request& request, bool is_healed = false);

std::function<void()> RunLater(const Exchange& exchange, const Request& request, bool is_healed) {
  return [exchange, is_healed, kept = std::make_shared<const KeptRequest>(request)] {
    auto refusal =
        Refused(exchange, [&] { kept->With([&](const Request& again) { RunSingle(exchange, again, is_healed); }); });
    if (refusal) exchange.Send(*std::move(refusal));
  };
}

// Validates once more, under a schema that is no older than the request.
void HealAndRun(const Exchange& exchange, const Request& request) {
  exchange.service.heal_schema(
      [run = RunLater(exchange, request, /*is_healed=*/true)](const std::optional<Error>&) { run(); });
}

// Of a role that has not asked for some time.
void LoadAndRun(const Exchange& exchange, const Request& request) {
  exchange.service.load_role(exchange.identity.role,
                             [exchange, run = RunLater(exchange, request, false)](const std::optional<Error>& error) {
                               error ? exchange.SendError(*error, exchange.StatusFor(*error)) : run();
                             });
}

void RunSingle(const Exchange& exchange, const Request& request, bool is_healed) {
  if (exchange.service.schemas.Find(exchange.identity) == nullptr) return LoadAndRun(exchange, request);
  std::shared_ptr<const sql::Compiled> compiled;
  try {
    compiled = CompileFor(exchange, request);
  } catch (const Error& error) {
    if (exchange.service.schemas.Find(exchange.identity) == nullptr) return LoadAndRun(exchange, request);
    if (is_healed || exchange.is_large || !MayHeal(exchange.service, error)) throw;
  }
  if (compiled == nullptr) return HealAndRun(exchange, request);
  std::string extensions = ExtensionsOf(exchange, *compiled);
  const auto answer = [exchange, extensions = std::move(extensions),
                       name = compiled->operation_name](execute::Outcome outcome) {
    transport::Reply reply;
    if (const Error* error = std::get_if<Error>(&outcome)) {
      LogFailure(*error, exchange.responder->request_id(), name);
      reply.status = exchange.StatusFor(*error);
      reply.body = WithMember(exchange.ErrorBody(*error), extensions);
      return exchange.Send(std::move(reply));
    }
    reply.prefix = "{\"data\":";
    reply.body = std::get<std::string>(std::move(outcome));
    reply.body.append(extensions);
    reply.suffix = "}";
    exchange.Send(std::move(reply));
  };
  OperationRun::Recompile recompile;
  if (!exchange.is_large)
    recompile = [exchange, kept = std::make_shared<const KeptRequest>(request)] {
      return kept->With([&](const Request& again) { return CompileFor(exchange, again); });
    };
  const auto run = Start(exchange, std::move(compiled), recompile, answer);
  exchange.responder->OnDisconnect([run] { run->Cancel(); });
}

// Several operations of one request, one after the other, so that a later one sees what an earlier one wrote.
class Batch : public std::enable_shared_from_this<Batch> {
 public:
  Batch(Exchange exchange, JsonDocument document) : exchange_(std::move(exchange)), document_(std::move(document)) {}

  void Next() {
    if (exchange_.service.schemas.Find(exchange_.identity) == nullptr) return LoadAndNext();
    // A loop, not recursion, over those that fail before they reach the database.
    while (!gone_ && next_ < document_.root().Items().size()) {
      try {
        const Json& operation = document_.root().Items()[next_++];
        const auto compile = [self = shared_from_this(), &operation] {
          return CompileFor(self->exchange_, ReadRequest(operation, self->exchange_.service.documents));
        };
        auto compiled = compile();
        extensions_ = ExtensionsOf(exchange_, *compiled);
        operation_name_ = compiled->operation_name;
        const auto run =
            Start(exchange_, std::move(compiled), compile,
                  [self = shared_from_this()](const execute::Outcome& outcome) { self->OnOutcome(outcome); });
        exchange_.responder->OnDisconnect([self = shared_from_this(), run] {
          self->gone_ = true;
          run->Cancel();
        });
        return;
      } catch (const transport::Malformed& malformed) {
        Append(exchange_.ErrorBody(malformed.error));
      } catch (const Error& error) {
        if (exchange_.service.schemas.Find(exchange_.identity) == nullptr) {
          --next_;
          return LoadAndNext();
        }
        if (MayHeal(exchange_.service, error) && std::exchange(healed_, next_) != next_) {
          --next_;
          return exchange_.service.heal_schema(
              [self = shared_from_this()](const std::optional<Error>&) { self->Next(); });
        }
        Append(exchange_.ErrorBody(error));
      }
    }
    End();
  }

 private:
  void End() {
    if (gone_) return;
    transport::Reply reply;
    reply.prefix = "[";
    reply.body = std::move(body_);
    reply.suffix = "]";
    exchange_.Send(std::move(reply));
  }
  void LoadAndNext() {
    exchange_.service.load_role(exchange_.identity.role,
                                [self = shared_from_this()](const std::optional<Error>& error) {
                                  if (!error) return self->Next();
                                  for (; self->next_ < self->document_.root().Items().size(); ++self->next_)
                                    self->Append(self->exchange_.ErrorBody(*error));
                                  self->End();
                                });
  }
  void OnOutcome(const execute::Outcome& outcome) {
    const Error* error = std::get_if<Error>(&outcome);
    if (error != nullptr) LogFailure(*error, exchange_.responder->request_id(), operation_name_);
    if (error != nullptr)
      Append(WithMember(exchange_.ErrorBody(*error), extensions_));
    else if (const auto& data = std::get<std::string>(outcome); !HasRoomFor(data))
      Append(exchange_.ErrorBody(Error(code::kResponseTooLarge, "the batch's response is too large (--max-response)")));
    else
      Append(std::string("{\"data\":").append(data).append(extensions_).append("}"));
    Next();
  }
  bool HasRoomFor(const std::string& data) const {
    const std::size_t most = exchange_.service.options.limits.ResponseBytes();
    return most == 0 || body_.size() + data.size() <= most;
  }
  void Append(const std::string& result) {
    if (!body_.empty()) body_.push_back(',');
    body_.append(result);
  }

  const Exchange exchange_;
  const JsonDocument document_;
  std::size_t next_ = 0;
  std::size_t healed_ = 0;  // `next_` behind the one that was looked at again last
  std::string body_;
  std::string extensions_;  // of the operation that runs
  std::string operation_name_;
  bool gone_ = false;
};

// The client's part of "X-Threefactor-Debug: timing, sql" that this server and the client's rights allow.
Trace::Wanted WantedTrace(const Exchange& exchange, std::string_view header) {
  const Options::Debug allowed = exchange.service.options.debug;
  const bool is_allowed =
      allowed == Options::Debug::kEveryone || (allowed == Options::Debug::kAdmin && exchange.identity.is_admin);
  if (header.empty() || !is_allowed) return {};
  return {header.find("timing") != std::string_view::npos,
          header.find("sql") != std::string_view::npos && exchange.identity.is_admin};
}

void HandlePost(Exchange& exchange, const transport::HttpRequest& request) {
  const transport::DecodedBody body(request.body, transport::HeaderOf(request.parsed, "content-encoding"),
                                    exchange.service.options.max_body_bytes, request.share);
  exchange.is_large = body.text().size() > kMostKept;
  JsonDocument document = ReadJson(body.text(), "the request's body");
  const Json& root = document.root();
  if (!root.IsArray()) return RunSingle(exchange, ReadRequest(root, exchange.service.documents));
  if (root.Items().empty())
    throw transport::Malformed{400, Error(code::kBadRequest, "a batch needs at least one request")};
  const auto limit = static_cast<std::size_t>(exchange.service.options.batch_operations);
  if (root.Items().size() > limit)
    throw transport::Malformed{400, Error(code::kBadRequest, fmt::format("a batch may hold {} requests", limit))};
  // It is kept until the last has run, and takes more than its text did.
  if (!request.share.GrowTo(request.share.held() + document.size()))
    throw transport::Malformed{503, Error(code::kBusy, std::string(transport::kNoRoomForBody))};
  std::make_shared<Batch>(exchange, std::move(document))->Next();
}

// The object in a parameter of a URL, kept in `document`. Null: it is absent, empty or JSON's null.
const Json* ObjectParameter(std::string_view text, const char* name, JsonDocument& document) {
  if (text.empty()) return nullptr;
  document = ReadJson(text, fmt::format("the parameter \"{}\"", name));
  return AsObject(document.root(), name);
}

void HandleGet(Exchange& exchange, const transport::HttpRequest& request) {
  exchange.is_get = true;
  const auto parameter = [&request](const char* name) -> std::string_view {
    const auto found = request.parsed.params.find(name);
    if (request.parsed.params.count(name) > 1)
      throw transport::Malformed{400,
                                 Error(code::kBadRequest, fmt::format("the parameter \"{}\" is given twice", name))};
    return found == request.parsed.params.end() ? std::string_view() : std::string_view(found->second);
  };
  Request graphql;
  graphql.query = parameter("query");
  graphql.operation_name = parameter("operationName");
  JsonDocument variables;
  graphql.variables = ObjectParameter(parameter("variables"), "variables", variables);
  JsonDocument extensions;
  const Json* given_extensions = ObjectParameter(parameter("extensions"), "extensions", extensions);
  ResolveDocument(graphql, exchange.service.documents, parameter("documentId"), given_extensions);
  RunSingle(exchange, graphql);
}

bool IsUpgrade(const httplib::Request& request) {
  return request.method == "GET" && transport::EqualsIgnoringCase(transport::HeaderOf(request, "upgrade"), "websocket");
}

Exchange ExchangeFor(Service& service, GraphqlPath path, const httplib::Request& request) {
  Exchange exchange{service, nullptr, {}};
  const bool graphql_response = WantsGraphqlResponse(transport::HeaderOf(request, "accept"));
  exchange.always_ok = path == GraphqlPath::kV1 && !graphql_response;
  if (graphql_response) exchange.content_type = transport::kGraphqlResponse;
  return exchange;
}

}  // namespace

bool WantsGraphqlResponse(std::string_view accept) {
  double graphql = 0;
  double json = 0;
  transport::ForEachPreference(accept, [&](std::string_view media, double quality) {
    if (media == "application/graphql-response+json") graphql = std::max(graphql, quality);
    if (media == "application/json" || media == "application/*" || media == "*/*") json = std::max(json, quality);
  });
  return graphql > 0 && graphql >= json;
}

void AdmitGraphql(Service& service, GraphqlPath path, const transport::Admittance& request,
                  const transport::Endpoint::Decide& decide) {
  const Exchange exchange = ExchangeFor(service, path, request.parsed);
  std::string graphql;
  bool needs_body = false;
  auto malformed = Refused(exchange, [&] {
    if (request.parsed.method == "POST") CheckContentType(request.parsed);
    if (IsUpgrade(request.parsed)) {
      transport::LowerCaseHeaders(request.parsed);  // throws where one is given twice
      return;
    }
    if (!NeedsRequest(service, request.parsed)) return;
    needs_body = request.parsed.method == "POST" && !request.body;
    if (!needs_body) graphql = RequestText(service, request);
  });
  if (malformed) return decide(*std::move(malformed));
  if (IsUpgrade(request.parsed)) return decide(Identity());  // connection_init tells
  if (needs_body) return decide(transport::NeedsBody());
  Identify(service, request.parsed, graphql, [exchange, decide](auth::Outcome outcome) {
    if (auto* identity = std::get_if<Identity>(&outcome)) return decide(std::move(*identity));
    const auto& refusal = std::get<auth::Refusal>(outcome);
    transport::Reply reply;
    reply.content_type = exchange.content_type;
    reply.status = exchange.always_ok ? 200 : refusal.status;
    reply.body = exchange.ErrorBody(refusal.error);
    decide(std::move(reply));
  });
}

void HandleGraphql(Service& service, GraphqlPath path, const transport::HttpRequest& request) {
  if (IsUpgrade(request.parsed)) return request.responder->BecomeWebSocket(request.parsed);
  Exchange exchange = ExchangeFor(service, path, request.parsed);
  exchange.responder = request.responder;
  exchange.identity = request.identity;
  const Trace::Wanted wanted = WantedTrace(exchange, transport::HeaderOf(request.parsed, "x-threefactor-debug"));
  if (wanted.timing || wanted.sql) exchange.trace = std::make_shared<Trace>(wanted);
  auto refusal = Refused(exchange, [&] {
    if (request.parsed.method == "POST")
      HandlePost(exchange, request);
    else
      HandleGet(exchange, request);
  });
  if (refusal) exchange.Send(*std::move(refusal));
}

}  // namespace threefactor::api
