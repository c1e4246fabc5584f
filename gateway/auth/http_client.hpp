// HTTP requests of the gateway's own, by libcurl in one thread beside the event loops: key sets of issuers and the
// authentication webhook. Certificates are verified, redirects are not followed, and no proxy of the environment is
// used.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace threefactor::auth {

struct HttpFetch {
  std::string url;
  std::optional<std::string> body;   // of a POST; unset: a GET
  std::vector<std::string> headers;  // "Name: value"
  std::size_t most_bytes = 0;        // of the answer's body; a longer one is a failure
};

struct HttpAnswer {
  int status = 0;       // 0: there is no answer
  std::string failure;  // why there is none, without the URL
  std::string body;
  std::string cache_control;  // headers; empty: absent
  std::string expires;
  std::string redirect_url;  // of a 3xx, absolute
};

class HttpClient {
 public:
  using Clock = std::chrono::steady_clock;
  using Task = std::function<void()>;
  using Done = std::function<void(HttpAnswer)>;

  HttpClient();   // throws std::runtime_error where libcurl cannot be used
  ~HttpClient();  // as Stop
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void Start();
  // Joins the thread; what has not been answered never will be. Any thread but its own.
  void Stop();

  // Any thread. Tasks and `done` run on the client's thread, and must not throw.
  void Post(Task task);
  void Fetch(HttpFetch request, Done done);
  // On the client's thread.
  void After(std::chrono::milliseconds delay, Task task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor::auth
