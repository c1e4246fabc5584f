#include "loop/loop.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loop/mutex.hpp"

namespace threefactor {

namespace {

constexpr std::uint64_t kWakeKey = 0;  // generations begin at 1, so no watched fd has this key

[[noreturn]] void ThrowErrno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

struct Loop::Impl {
  // An fd number is reused as soon as it is closed, while its events may still wait in the batch that is being worked
  // through; so each registration has a generation, and events of an older one are dropped.
  struct Watcher {
    std::uint32_t generation;
    Ready ready;
  };
  using TimerKey = std::pair<Clock::time_point, TimerId>;

  int epoll = -1;
  int wake = -1;
  std::atomic<bool> stopped = false;

  std::vector<std::shared_ptr<Watcher>> watchers;  // by fd; null: not watched
  std::uint32_t next_generation = 1;

  std::map<TimerKey, Task> timers;
  std::unordered_map<TimerId, Clock::time_point> deadlines;
  TimerId next_timer = 1;

  Mutex mutex;
  std::vector<Task> posted GUARDED_BY(mutex);

  static std::uint64_t KeyOf(int fd, std::uint32_t generation) {
    return static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
  }

  Watcher& WatcherOf(int fd) {
    if (fd < 0 || static_cast<std::size_t>(fd) >= watchers.size() || watchers[static_cast<std::size_t>(fd)] == nullptr)
      throw std::logic_error("fd is not watched");
    return *watchers[static_cast<std::size_t>(fd)];
  }

  void Wake() const {
    const std::uint64_t one = 1;
    // A full counter (EAGAIN) wakes just as well.
    [[maybe_unused]] const ssize_t written = write(wake, &one, sizeof one);
  }

  // A callback that throws is a fault of ours; it must not take every other connection of the process with it.
  template <typename Callback, typename... Arguments>
  static void Call(const Callback& callback, Arguments... arguments) {
    try {
      callback(arguments...);
    } catch (const std::exception& error) {
      spdlog::error("internal error in an event callback: {}", error.what());
    }
  }

  int MillisecondsToNextTimer() const {
    if (timers.empty()) return -1;
    const auto left = timers.begin()->first.first - Clock::now();
    if (left <= Clock::duration::zero()) return 0;
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::min<std::chrono::milliseconds::rep>(milliseconds, 60'000));
  }

  void RunTimers() {
    if (timers.empty()) return;
    const auto now = Clock::now();
    // One that a task adds with no delay runs in the next turn, or sockets could starve.
    const TimerId end = next_timer;
    for (auto it = timers.begin(); it != timers.end() && it->first.first <= now; it = timers.begin()) {
      if (it->first.second >= end) break;
      const Task task = std::move(it->second);
      deadlines.erase(it->first.second);
      timers.erase(it);
      Call(task);
    }
  }

  void RunPosted() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake, &count, sizeof count);
    std::vector<Task> tasks;
    {
      const MutexLock lock(mutex);
      tasks.swap(posted);
    }
    for (const Task& task : tasks) Call(task);
  }

  void Dispatch(const epoll_event& event) {
    if (event.data.u64 == kWakeKey) return RunPosted();
    const auto fd = static_cast<std::size_t>(event.data.u64 & 0xffffffffU);
    const auto generation = static_cast<std::uint32_t>(event.data.u64 >> 32);
    if (fd >= watchers.size()) return;
    const std::shared_ptr<Watcher> watcher = watchers[fd];  // kept alive while it runs, whatever it forgets
    if (watcher == nullptr || watcher->generation != generation) return;
    Call(watcher->ready, event.events);
  }
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  impl_->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (impl_->epoll < 0) ThrowErrno("epoll_create1");
  impl_->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (impl_->wake < 0) ThrowErrno("eventfd");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeKey;
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, impl_->wake, &event) != 0) ThrowErrno("epoll_ctl");
}

Loop::~Loop() {
  if (impl_->wake >= 0) close(impl_->wake);
  if (impl_->epoll >= 0) close(impl_->epoll);
}

void Loop::Watch(int fd, std::uint32_t events, Ready ready) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= impl_->watchers.size()) impl_->watchers.resize(index + 1);
  const std::uint32_t generation = impl_->next_generation++;
  if (impl_->next_generation == 0) impl_->next_generation = 1;
  epoll_event event{};
  event.events = events;
  event.data.u64 = Impl::KeyOf(fd, generation);
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, fd, &event) != 0) ThrowErrno("epoll_ctl ADD");
  impl_->watchers[index] = std::make_shared<Impl::Watcher>(Impl::Watcher{generation, std::move(ready)});
}

void Loop::Change(int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = Impl::KeyOf(fd, impl_->WatcherOf(fd).generation);
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_MOD, fd, &event) != 0) ThrowErrno("epoll_ctl MOD");
}

void Loop::Forget(int fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (fd < 0 || index >= impl_->watchers.size() || impl_->watchers[index] == nullptr) return;
  // The callback may own what calls us: it dies at the end of this function, after the last use of a member.
  const std::shared_ptr<Impl::Watcher> last = std::move(impl_->watchers[index]);
  impl_->watchers[index] = nullptr;
  epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, fd, nullptr);
}

Loop::TimerId Loop::After(std::chrono::milliseconds delay, Task task) {
  const TimerId id = impl_->next_timer++;
  const auto deadline = Clock::now() + std::max(delay, std::chrono::milliseconds::zero());
  impl_->timers.emplace(Impl::TimerKey{deadline, id}, std::move(task));
  impl_->deadlines.emplace(id, deadline);
  return id;
}

void Loop::Cancel(TimerId id) {
  const auto found = impl_->deadlines.find(id);
  if (found == impl_->deadlines.end()) return;
  const auto timer = impl_->timers.find({found->second, id});
  impl_->deadlines.erase(found);
  const Task last = std::move(timer->second);  // may own what calls us
  impl_->timers.erase(timer);
}

void Loop::Post(Task task) {
  bool first = false;
  {
    const MutexLock lock(impl_->mutex);
    first = impl_->posted.empty();
    impl_->posted.push_back(std::move(task));
  }
  if (first) impl_->Wake();
}

void Loop::Run() {
  std::array<epoll_event, 256> events{};
  while (!impl_->stopped.load(std::memory_order_acquire)) {
    const int count =
        epoll_wait(impl_->epoll, events.data(), static_cast<int>(events.size()), impl_->MillisecondsToNextTimer());
    if (count < 0 && errno != EINTR) ThrowErrno("epoll_wait");
    for (int i = 0; i < count && !impl_->stopped.load(std::memory_order_relaxed); ++i)
      impl_->Dispatch(events[static_cast<std::size_t>(i)]);
    impl_->RunTimers();
  }
}

void Loop::Stop() {
  impl_->stopped.store(true, std::memory_order_release);
  impl_->Wake();
}

}  // namespace threefactor
