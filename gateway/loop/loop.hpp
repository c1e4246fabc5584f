// An event loop over epoll: the one thread that owns a set of sockets, timers and Postgres connections.
// Everything registered with a loop is called on its thread; only Post and Stop may be called from another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace threefactor {

class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Task = std::function<void()>;
  // `events`: the EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP that happened.
  using Ready = std::function<void(std::uint32_t events)>;
  using TimerId = std::uint64_t;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Level-triggered interest in `fd`, which stays the caller's to close, after Forget. A callback may Forget any fd,
  // its own included, and may destroy the object that registered it.
  void Watch(int fd, std::uint32_t events, Ready ready);
  void Change(int fd, std::uint32_t events);
  void Forget(int fd);

  TimerId After(std::chrono::milliseconds delay, Task task);  // once
  void Cancel(TimerId id);                                    // unknown ids are ignored

  void Post(Task task);  // any thread: runs the task on the loop's thread, after what was posted before
  void Run();            // until Stop
  void Stop();           // any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor
