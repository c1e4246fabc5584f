// graphql-transport-ws: gateway/dialect/subscriptions.md. A broken rule closes the socket; an operation's failure does
// not.
#include <set>

#include "transport/protocol_common.hpp"

namespace threefactor::transport {

namespace {

constexpr int kBadRequest = 4400;
constexpr int kUnauthorized = 4401;
constexpr int kForbidden = 4403;
constexpr int kInitTimeout = 4408;
constexpr int kDuplicateId = 4409;
constexpr int kTooManyInits = 4429;

class TransportSession final : public ProtocolSession {
 public:
  explicit TransportSession(ProtocolHost& host) : host_(host) {}

  void OnText(std::string_view text) override {
    if (closed_) return;
    try {
      Handle(ReadMessage(text));
    } catch (const Error& error) {
      Close(kBadRequest, error.message());
    }
  }

  void OnInitTimeout() override {
    if (!closed_ && !init_received_) Close(kInitTimeout, "Connection initialisation timeout");
  }

  void OnKeepAlive() override {
    if (!closed_ && acknowledged_) host_.SendText(WriteMessage("ping", {}, R"({"message":"keepalive"})"));
  }

  void Next(const std::string& id, std::string_view response_body) override {
    if (!closed_ && active_.contains(id)) host_.SendText(WriteMessage("next", id, response_body));
  }

  void Fail(const std::string& id, const Error& error) override {
    if (!closed_ && active_.erase(id) > 0) host_.SendText(WriteMessage("error", id, ToErrorArray(error)));
  }

  void Complete(const std::string& id) override {
    if (!closed_ && active_.erase(id) > 0) host_.SendText(WriteMessage("complete", id));
  }

 private:
  void Handle(const ClientMessage& message) {
    if (message.type == "subscribe") return Subscribe(message);
    if (message.type == "complete") return Stop(message);
    if (message.payload_kind == ClientMessage::Payload::kOther)
      throw Error(code::kBadRequest, "Invalid message: \"payload\" is not an object");
    if (message.type == "connection_init") return Init(message);
    if (message.type == "ping") return host_.SendText(WriteMessage("pong", {}, message.payload));
    if (message.type == "pong") return;
    throw Error(code::kBadRequest, "Invalid message: unexpected type \"" + message.type + "\"");
  }

  void Init(const ClientMessage& message) {
    if (init_received_) return Close(kTooManyInits, "Too many initialisation requests");
    init_received_ = true;
    host_.Authenticate(message.init_headers, [this](const Error* refusal) {
      if (closed_) return;
      if (refusal != nullptr) return Close(kForbidden, RefusalReason(*refusal));
      acknowledged_ = true;
      host_.SendText(WriteMessage("connection_ack"));
    });
  }

  // Clients match on "Forbidden"; of a token they are told what is wrong with it.
  static std::string RefusalReason(const Error& refusal) {
    return refusal.code() == code::kAccessDenied ? "Forbidden" : refusal.code() + ": " + refusal.message();
  }

  void Subscribe(const ClientMessage& message) {
    if (message.id.empty()) throw Error(code::kBadRequest, "Invalid message: \"id\" is missing");
    CheckRequestShape(message);
    if (!acknowledged_) return Close(kUnauthorized, "Unauthorized");
    if (!active_.insert(message.id).second)
      return Close(kDuplicateId, "Subscriber for " + message.id + " already exists");
    try {
      host_.Start(message.id, message.payload);
    } catch (const Error& error) {
      Fail(message.id, error);
    }
  }

  void Stop(const ClientMessage& message) {
    if (message.id.empty()) throw Error(code::kBadRequest, "Invalid message: \"id\" is missing");
    if (active_.erase(message.id) > 0) host_.Stop(message.id);
  }

  void Close(int close_code, std::string_view reason) {
    closed_ = true;
    active_.clear();
    host_.Close(close_code, CutReason(reason));
  }

  ProtocolHost& host_;
  bool init_received_ = false;
  bool acknowledged_ = false;
  bool closed_ = false;
  std::set<std::string> active_;  // ids of operations that may still send
};

}  // namespace

std::unique_ptr<ProtocolSession> MakeTransportSession(ProtocolHost& host) {
  return std::make_unique<TransportSession>(host);
}

}  // namespace threefactor::transport
