// Sends cancel requests from a thread of its own, since libpq's PQcancel opens a connection and waits for it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "postgres/handles.hpp"

namespace threefactor::execute {

class Canceller {
 public:
  Canceller() = default;
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

  // `sent` is called on the canceller's thread once the server has taken the request, or it failed.
  void Cancel(postgres::CancelHandle handle, std::function<void()> sent);

 private:
  struct Item {
    postgres::CancelHandle handle;
    std::function<void()> sent;
  };
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;  // guarded by mutex_
  bool stopping_ = false;   // guarded by mutex_
  std::thread thread_;      // started by the first request
};

}  // namespace threefactor::execute
