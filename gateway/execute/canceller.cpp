#include "execute/canceller.hpp"

#include <array>

namespace threefactor::execute {

Canceller::~Canceller() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    items_.clear();
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Canceller::Cancel(postgres::CancelHandle handle, std::function<void()> sent) {
  {
    const std::lock_guard lock(mutex_);
    items_.push_back({std::move(handle), std::move(sent)});
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  changed_.notify_one();
}

void Canceller::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !items_.empty(); });
    if (stopping_) return;
    const Item item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    std::array<char, 256> error{};
    // A request that fails changes nothing: the statement runs to its end or to its timeout.
    PQcancel(item.handle.get(), error.data(), static_cast<int>(error.size()));
    item.sent();
    lock.lock();
  }
}

}  // namespace threefactor::execute
