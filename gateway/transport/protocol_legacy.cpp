// graphql-ws, the older protocol: gateway/dialect/subscriptions.md. A malformed message is answered, the socket stays
// open.
#include <set>

#include "base/json_writer.hpp"
#include "transport/protocol_common.hpp"

namespace threefactor::transport {

namespace {

constexpr std::string_view kStartFailed = "start-failed";
constexpr int kNormalClosure = 1000;
constexpr int kLegacyInitTimeout = 4408;  // as the newer protocol has it

class LegacySession final : public ProtocolSession {
 public:
  explicit LegacySession(ProtocolHost& host) : host_(host) {}

  void OnText(std::string_view text) override {
    if (closed_) return;
    try {
      Handle(ReadMessage(text));
    } catch (const Error& error) {
      ConnectionError(error.message());
    }
  }

  // The protocol has no such limit, but nobody may hold a connection without saying who he is.
  void OnInitTimeout() override {
    if (initialised_ || initialising_ || closed_) return;
    ConnectionError("connection_init did not arrive in time");
    closed_ = true;
    host_.Close(kLegacyInitTimeout, "Connection initialisation timeout");
  }

  void OnKeepAlive() override {
    if (!closed_) host_.SendText(WriteMessage("ka"));
  }

  void Next(const std::string& id, std::string_view response_body) override {
    if (!closed_ && active_.contains(id)) host_.SendText(WriteMessage("data", id, response_body));
  }

  void Fail(const std::string& id, const Error& error) override {
    if (!closed_ && active_.erase(id) > 0) SendError(id, error);
  }

  void Complete(const std::string& id) override {
    if (!closed_ && active_.erase(id) > 0) host_.SendText(WriteMessage("complete", id));
  }

 private:
  void Handle(const ClientMessage& message) {
    if (message.type == "connection_init") return Init(message);
    if (message.type == "start") return Start(message);
    if (message.type == "stop") return Stop(message);
    if (message.type == "connection_terminate") return Terminate();
    throw Error(code::kBadRequest, "Invalid message: unexpected type \"" + message.type + "\"");
  }

  void Init(const ClientMessage& message) {
    if (initialised_) return ConnectionError("the connection is already initialised");
    initialising_ = true;
    host_.Authenticate(message.init_headers, [this](const Error* refusal) {
      initialising_ = false;
      if (closed_) return;
      if (refusal != nullptr) {
        init_failure_ = refusal->message();
        return ConnectionError(refusal->message());
      }
      initialised_ = true;
      host_.SendText(WriteMessage("connection_ack"));
    });
  }

  void Start(const ClientMessage& message) {
    if (message.id.empty()) throw Error(code::kBadRequest, "Invalid message: \"id\" is missing");
    if (!initialised_) {
      return SendError(message.id, Error(kStartFailed, init_failure_.empty()
                                                           ? "start received before the connection is initialised"
                                                           : "cannot start: connection_init failed: " + init_failure_));
    }
    CheckRequestShape(message);
    if (!active_.insert(message.id).second)
      return SendError(message.id, Error(kStartFailed, "an operation already exists with this id: " + message.id));
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

  void Terminate() {
    closed_ = true;
    active_.clear();
    host_.Close(kNormalClosure, "");
  }

  void ConnectionError(std::string_view message) {
    host_.SendText(WriteMessage("connection_error", {}, WriteJsonString(message)));
  }

  void SendError(const std::string& id, const Error& error) {
    host_.SendText(WriteMessage("error", id, ToResponseBody(error)));
  }

  ProtocolHost& host_;
  bool initialising_ = false;  // the host is finding out who asks
  bool initialised_ = false;
  bool closed_ = false;
  std::string init_failure_;
  std::set<std::string> active_;  // ids of operations that may still send
};

}  // namespace

std::unique_ptr<ProtocolSession> MakeLegacySession(ProtocolHost& host) {
  return std::make_unique<LegacySession>(host);
}

}  // namespace threefactor::transport
