// What is asked of an endpoint, what it answers, and how the client connects. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/time.hpp"
#include "http/egress.hpp"

namespace threefactor::delivery {

enum class HttpMethod { kPost, kOptions };

struct HttpRequest {
  std::uint64_t id = 0;  // of the caller's choice, comes back in the answer
  HttpMethod method = HttpMethod::kPost;
  std::string url;
  std::vector<std::string> headers;  // lines without CR LF
  std::string body;
  Milliseconds timeout{60000};      // of the whole
  Milliseconds connect_timeout{0};  // 0: that of the options
  std::size_t keep = 0;             // bytes of the answer's body, where more than HttpOptions::keep are wanted
  bool validate = false;            // to be sent to an endpoint that has consented (consent.hpp)
  bool ahead = false;               // it waits until there is a place for it (http_client/threads.hpp)
};

struct HttpAnswer {
  std::uint64_t id = 0;
  int status = 0;    // 0: no answer, `error` says why
  std::string body;  // up to HttpOptions::keep bytes and one more, to tell that there were more
  std::string error;
  std::optional<std::string> retry_after;
  std::optional<std::string> allowed_origin;  // WebHook-Allowed-Origin, of an answer to OPTIONS
  std::optional<std::string> allowed_rate;    // WebHook-Allowed-Rate, likewise
  double duration = 0;                        // milliseconds
};

struct HttpOptions {
  Milliseconds connect_timeout{5000};  // name lookup included
  std::size_t keep = 16 * 1024;        // bytes of an answer's body
  std::size_t most = 1024 * 1024;      // at so many the transfer is cut off; its status counts nevertheless
  std::string user_agent = "threefactor";
  int connections = 128;  // kept open
  int places = 56;        // requests in flight, from which on those ahead wait
  EgressRule egress;      // counts for connections that are open, too
  std::string ca_file;    // PEM; empty: the system's
  std::string proxy;      // URL; empty: none, whatever the environment says
};

}  // namespace threefactor::delivery
