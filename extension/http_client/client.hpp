// The HTTP driver: many POSTs at a time in one thread, through libcurl's multi interface. Keep-alive, TLS verified, no
// redirects, http and https only.
//
// Threads: one, the caller's (Wake apart). libcurl may start threads that look up names; they inherit the caller's mask
// of signals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/request.hpp"

namespace threefactor::delivery {

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
