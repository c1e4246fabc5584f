// Sends cancel requests from a thread of its own, since libpq's PQcancel opens a connection and waits for it.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <thread>

#include "loop/mutex.hpp"
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

  // The next request to send; none: the canceller ends.
  std::optional<Item> WaitForItem();

  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Item> items_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // started by the first request
};

}  // namespace threefactor::execute
