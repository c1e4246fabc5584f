// The memory that all bodies in flight may take together, whatever the number of connections: bodies of HTTP requests
// as they come in and as they are decompressed, and messages of WebSockets. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>

namespace threefactor::transport {

// What those are told for whom there is no room.
inline constexpr std::string_view kNoRoomForBody =
    "the gateway has no memory for more request bodies at the moment (--body-memory); try again";
inline constexpr std::string_view kRetryAfter = "Retry-After: 1\r\n";

class BodyBudget {
 public:
  explicit BodyBudget(std::size_t most_bytes) : most_(most_bytes) {}
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

  // False: there is no room for as much, and nothing is taken.
  bool Take(std::size_t bytes) {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (bytes > most_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
    return true;
  }
  void Return(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_ = 0;
};

// What one body has of it. Gives it back at the end.
class BodyShare {
 public:
  explicit BodyShare(BodyBudget& budget) : budget_(&budget) {}
  ~BodyShare() { Release(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // To `bytes` altogether; what is held already stays. False: there is no room, and nothing changes.
  [[nodiscard]] bool GrowTo(std::size_t bytes) {
    if (bytes <= held_) return true;
    if (!budget_->Take(bytes - held_)) return false;
    held_ = bytes;
    return true;
  }
  void Release() { budget_->Return(std::exchange(held_, 0)); }
  std::size_t held() const { return held_; }

 private:
  BodyBudget* budget_;
  std::size_t held_ = 0;
};

}  // namespace threefactor::transport
