// A ProtocolHost that writes down what the session asks of it, for the tests of both protocols.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transport/protocol.hpp"

namespace threefactor::transport {

struct RecordingHost final : ProtocolHost {
  std::vector<std::string> sent;
  std::vector<std::string> started;  // "id payload"
  std::vector<std::string> stopped;
  std::map<std::string, std::string> headers;
  std::string closed;  // "code reason"; empty: open
  std::optional<Error> refuse_init;
  std::optional<Error> refuse_start;

  void SendText(std::string text) override { sent.push_back(std::move(text)); }
  void Close(int code, std::string_view reason) override { closed = std::to_string(code) + " " + std::string(reason); }
  Admitted admitted;  // of an init that is not answered yet
  bool waits = false;

  void Authenticate(const std::map<std::string, std::string>& init_headers, Admitted done) override {
    headers = init_headers;
    if (waits) {
      admitted = std::move(done);
      return;
    }
    done(refuse_init ? &*refuse_init : nullptr);
  }
  void Start(const std::string& id, std::string_view payload) override {
    if (refuse_start) throw *refuse_start;
    started.push_back(id + " " + std::string(payload));
  }
  void Stop(const std::string& id) override { stopped.push_back(id); }

  // The frames since the last call.
  std::vector<std::string> Take() { return std::exchange(sent, {}); }
};

using Frames = std::vector<std::string>;

}  // namespace threefactor::transport
