#include "execute/canceller.hpp"

#include <array>

namespace threefactor::execute {

Canceller::~Canceller() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    items_.clear();
  }
  changed_.NotifyOne();
  if (thread_.joinable()) thread_.join();
}

void Canceller::Cancel(postgres::CancelHandle handle, std::function<void()> sent) {
  {
    const MutexLock lock(mutex_);
    items_.push_back({std::move(handle), std::move(sent)});
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  changed_.NotifyOne();
}

void Canceller::Work() {
  while (const std::optional<Item> item = WaitForItem()) {
    std::array<char, 256> error{};
    // A request that fails changes nothing: the statement runs to its end or to its timeout.
    PQcancel(item->handle.get(), error.data(), static_cast<int>(error.size()));
    item->sent();
  }
}

std::optional<Canceller::Item> Canceller::WaitForItem() {
  const MutexLock lock(mutex_);
  while (!is_stopping_ && items_.empty()) changed_.Wait(mutex_);
  if (is_stopping_) return std::nullopt;
  Item item = std::move(items_.front());
  items_.pop_front();
  return item;
}

}  // namespace threefactor::execute
