// The HTTP driver in threads of its own, so that requests go on while the worker is in the database, and the worker
// while libcurl computes, which costs more than all the rest. Requests and answers change hands in batches, each of
// which wakes the other side only if it sleeps. A request `ahead` begins when fewer than HttpOptions::places are in
// flight, in turn: so there is work while the caller is busy.
//
// Threads: one caller, and those made here, each of which touches nothing but its HttpClient and what `mutex_`
// protects.
#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "http_client/client.hpp"

namespace threefactor::delivery {

class HttpThreads {
 public:
  explicit HttpThreads(int count = 2);  // throws std::system_error, std::runtime_error
  ~HttpThreads();
  HttpThreads(const HttpThreads&) = delete;
  HttpThreads& operator=(const HttpThreads&) = delete;

  // Ends the threads; what is in flight has no answer. A process must not exit with one running.
  void Stop();

  // Counts for requests submitted from now on.
  void Configure(const HttpOptions& options);
  // Begins with the next Submit.
  void Start(HttpRequest request) { started_.push_back(std::move(request)); }
  void Submit();
  // Adds what has ended to `answers`, and which requests ahead have begun to `begun`. Throws what ended a thread.
  void Take(std::vector<HttpAnswer>& answers, std::vector<std::uint64_t>& begun);
  // The requests ahead that have not begun, the last one first; they never will.
  std::vector<std::uint64_t> TakeBack();
  // False: there is something to take. True: ReadyFd becomes readable when there is.
  bool MayWait();
  int ReadyFd() const { return ready_; }

 private:
  struct Thread {
    HttpClient client;  // the thread's

    // Protected by mutex_.
    std::vector<HttpRequest> submitted;
    std::optional<HttpOptions> options;  // new ones
    std::size_t in_flight = 0;           // given to it, and not ended
    bool waits = false;

    std::thread thread;
  };

  void Run(Thread& self);
  void Work(Thread& self);
  bool Exchange(Thread& self, std::vector<HttpRequest>& requests, std::vector<HttpAnswer>& answers, bool idle);
  void TakeAhead(Thread& self, std::vector<HttpRequest>& requests);
  Thread& WhoIsToTake();
  std::size_t Places() const;
  std::vector<Thread*> WhoHasWork();

  std::vector<HttpRequest> started_;  // the caller's
  int ready_;                         // an eventfd

  std::mutex mutex_;  // protects the following
  std::deque<HttpRequest> ahead_;
  std::size_t places_;
  std::size_t in_flight_ = 0;  // of all threads
  std::vector<HttpAnswer> ended_;
  std::vector<std::uint64_t> begun_;  // of those ahead
  std::exception_ptr failure_;
  bool caller_waits_ = false;
  bool stopping_ = false;

  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace threefactor::delivery
