// The HTTP driver: many POSTs at a time in one thread, through libcurl's multi interface. Keep-alive, TLS verified, no
// redirects, http and https only. Pure.
//
// Threads: one, the caller's (Wake apart). libcurl may start threads that look up names; they inherit the caller's mask
// of signals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/pure/backoff.hpp"
#include "delivery/pure/egress.hpp"

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
  bool ahead = false;               // it waits until there is a place for it (http_threads.hpp)
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

class Lookups;

class HttpClient {
 public:
  HttpClient();  // throws std::runtime_error
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Counts for requests started from now on.
  void Configure(const HttpOptions& options);
  // Whatever is wrong with the request comes as an answer with status 0.
  void Start(HttpRequest request);
  std::size_t InFlight() const { return transfers_.size() - idle_.size(); }
  // Sends and receives what is possible now, without waiting; adds what has ended to `answers`.
  void Perform(std::vector<HttpAnswer>& answers);
  // Waits until there is something to perform, somebody wakes it, or the time is over.
  void Wait(Milliseconds timeout);
  void Wake();  // from any thread

 private:
  struct Transfer;
  struct Multi;

  void Begin(HttpRequest request, std::string looks_up);
  std::vector<HttpRequest> StopLookingUp(Transfer& transfer);
  void Finish(Transfer& transfer, int curl_code, std::vector<HttpAnswer>& answers);

  HttpOptions options_;
  std::unique_ptr<Multi> multi_;
  std::unique_ptr<Lookups> lookups_;
  std::vector<Transfer*> looking_up_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  int generation_ = 0;           // of the options that a transfer is set up with
  std::vector<Transfer*> idle_;  // of these; the last was used last
};

}  // namespace threefactor::delivery
