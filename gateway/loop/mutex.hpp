// Locks whose use clang checks at compile time (-Wthread-safety: `make lint`, and each build with clang): a member that
// threads share says which mutex guards it, a function which one its caller holds. Other compilers see plain locks.
#pragma once

#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define THREAD_ANNOTATION(attribute) __attribute__((attribute))
#else
#define THREAD_ANNOTATION(attribute)
#endif

// Of a member: it is read and written only while `mutex` is held.
#define GUARDED_BY(mutex) THREAD_ANNOTATION(guarded_by(mutex))
// Of a function: its caller holds `mutex`.
#define REQUIRES(mutex) THREAD_ANNOTATION(requires_capability(mutex))

namespace threefactor {

class THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void Lock() THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void Unlock() THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  friend class ConditionVariable;

  std::mutex mutex_;
};

// Holds a mutex for the length of a scope.
class THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() THREAD_ANNOTATION(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class ConditionVariable {
 public:
  // Releases the mutex while it waits. It may return without a notice, so that callers wait in a loop.
  void Wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }
  void NotifyOne() { changed_.notify_one(); }

 private:
  std::condition_variable changed_;
};

}  // namespace threefactor
