#include "targets.hpp"
#include "unit/transport/recording_host.hpp"

namespace threefactor::fuzz {

void Subscription(std::string_view input) {
  for (const std::string_view protocol : {transport::kTransportProtocol, transport::kLegacyProtocol}) {
    transport::RecordingHost host;
    const auto session = transport::MakeProtocolSession(protocol, host);
    for (std::string_view rest = input; !rest.empty() && host.closed.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      session->OnText(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    session->OnKeepAlive();
    session->OnInitTimeout();
    for (const std::string& started : host.started) {
      const std::string id = started.substr(0, started.find(' '));
      session->Next(id, R"({"data":null})");
      session->Complete(id);
    }
  }
}

}  // namespace threefactor::fuzz
