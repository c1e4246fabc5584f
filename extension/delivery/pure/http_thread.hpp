// The HTTP driver in a thread of its own, so that requests go on while the worker is in the database, and the worker
// while libcurl computes. Requests and answers change hands in batches, each of which wakes the other side only if it
// sleeps. A request `ahead` begins when fewer than HttpOptions::places are in flight, in turn: so there is work while
// the caller is busy. Pure.
//
// Threads: one caller, and the thread made here, which touches nothing but its HttpClient and what `mutex_` protects.
#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "delivery/pure/http.hpp"

namespace threefactor::delivery {

class HttpThread {
 public:
  HttpThread();  // throws std::system_error, std::runtime_error
  ~HttpThread();
  HttpThread(const HttpThread&) = delete;
  HttpThread& operator=(const HttpThread&) = delete;

  // Ends the thread; what is in flight has no answer. A process must not exit with the thread running.
  void Stop();

  // Counts for requests submitted from now on.
  void Configure(const HttpOptions& options);
  // Begins with the next Submit.
  void Start(HttpRequest request) { started_.push_back(std::move(request)); }
  void Submit();
  // Adds what has ended to `answers`, and which requests ahead have begun to `begun`. Throws what ended the thread.
  void Take(std::vector<HttpAnswer>& answers, std::vector<std::uint64_t>& begun);
  // False: there is something to take. True: ReadyFd becomes readable when there is.
  bool MayWait();
  int ReadyFd() const { return ready_; }

 private:
  void Run();
  void Work();
  bool Exchange(std::vector<HttpRequest>& requests, std::vector<HttpAnswer>& answers, bool idle);
  void BeginAhead();

  HttpClient client_;  // the thread's, like
  std::size_t places_ = 0;
  std::deque<HttpRequest> ahead_;
  std::vector<std::uint64_t> began_;

  std::vector<HttpRequest> started_;  // the caller's
  int ready_;                         // an eventfd

  std::mutex mutex_;  // protects the following
  std::vector<HttpRequest> submitted_;
  std::vector<HttpAnswer> ended_;
  std::vector<std::uint64_t> begun_;    // of those ahead
  std::optional<HttpOptions> options_;  // new ones
  std::exception_ptr failure_;
  bool caller_waits_ = false;
  bool thread_waits_ = false;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace threefactor::delivery
