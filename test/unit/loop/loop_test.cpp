#include "loop/loop.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using threefactor::Loop;
using namespace std::chrono_literals;

namespace {

struct Pair {
  int ends[2] = {-1, -1};
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0); }
  ~Pair() {
    close(ends[0]);
    close(ends[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

}  // namespace

TEST_CASE("a loop runs posted tasks of other threads in their order", "[loop]") {
  Loop loop;
  std::vector<int> seen;
  std::thread poster([&] {
    for (int i = 0; i < 1000; ++i) loop.Post([&seen, i] { seen.push_back(i); });
    loop.Post([&] { loop.Stop(); });
  });
  loop.Run();
  poster.join();
  REQUIRE(seen.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("timers run by deadline, a cancelled one never", "[loop]") {
  Loop loop;
  std::vector<int> seen;
  loop.After(6ms, [&] {
    seen.push_back(3);
    loop.Stop();
  });
  loop.After(0ms, [&] { seen.push_back(1); });
  const auto cancelled = loop.After(1ms, [&] { seen.push_back(99); });
  loop.After(2ms, [&] { seen.push_back(2); });
  loop.Cancel(cancelled);
  loop.Cancel(cancelled);
  loop.Cancel(123456);
  loop.Run();
  CHECK(seen == std::vector<int>{1, 2, 3});
}

TEST_CASE("a timer may cancel another that is due in the same turn", "[loop]") {
  Loop loop;
  bool ran = false;
  Loop::TimerId second = 0;
  loop.After(0ms, [&] { loop.Cancel(second); });
  second = loop.After(0ms, [&] { ran = true; });
  loop.After(2ms, [&] { loop.Stop(); });
  loop.Run();
  CHECK_FALSE(ran);
}

TEST_CASE("interest in an fd can be changed and forgotten", "[loop]") {
  Loop loop;
  Pair pair;
  int writable = 0;
  std::string got;
  loop.Watch(pair.ends[0], EPOLLOUT, [&](std::uint32_t events) {
    if (events & EPOLLOUT) {
      ++writable;
      loop.Change(pair.ends[0], EPOLLIN);
      REQUIRE(write(pair.ends[1], "x", 1) == 1);
    } else {
      char byte = 0;
      REQUIRE(read(pair.ends[0], &byte, 1) == 1);
      got.push_back(byte);
      loop.Forget(pair.ends[0]);
      REQUIRE(write(pair.ends[1], "y", 1) == 1);
      loop.After(2ms, [&] { loop.Stop(); });
    }
  });
  loop.Run();
  CHECK(writable == 1);
  CHECK(got == "x");
}

TEST_CASE("a callback may destroy what registered it", "[loop]") {
  Loop loop;
  Pair pair;
  struct Owner {
    Loop& loop;
    int fd;
    std::string text = "alive";
    ~Owner() { loop.Forget(fd); }
  };
  auto owner = std::make_unique<Owner>(Owner{loop, pair.ends[0]});
  std::string seen;
  loop.Watch(pair.ends[0], EPOLLIN, [&, shared = std::make_shared<std::string>("captured")](std::uint32_t) {
    owner.reset();
    seen = *shared;  // the callback itself is still whole
    loop.Stop();
  });
  REQUIRE(write(pair.ends[1], "x", 1) == 1);
  loop.Run();
  CHECK(seen == "captured");
}

TEST_CASE("an event of a closed fd never reaches the next owner of its number", "[loop]") {
  Loop loop;
  auto first = std::make_unique<Pair>();
  auto second = std::make_unique<Pair>();
  const int low = first->ends[0];
  const int high = second->ends[0];
  int wrong = 0;
  int calls = 0;
  // Both are readable in one batch: whichever comes first closes the other and lets a new socket take its number.
  const auto replace = [&](std::unique_ptr<Pair>& other, int fd) {
    ++calls;
    loop.Forget(fd);
    other.reset();
    auto fresh = std::make_shared<Pair>();
    for (const int end : fresh->ends)
      if (end == fd) loop.Watch(end, EPOLLIN, [&, fresh](std::uint32_t) { ++wrong; });
    loop.After(2ms, [&] { loop.Stop(); });
  };
  loop.Watch(low, EPOLLIN, [&](std::uint32_t) {
    loop.Forget(low);
    replace(second, high);
  });
  loop.Watch(high, EPOLLIN, [&](std::uint32_t) {
    loop.Forget(high);
    replace(first, low);
  });
  REQUIRE(write(first->ends[1], "x", 1) == 1);
  REQUIRE(write(second->ends[1], "x", 1) == 1);
  loop.Run();
  CHECK(calls == 1);
  CHECK(wrong == 0);
}

TEST_CASE("a callback that throws does not end the loop", "[loop]") {
  Loop loop;
  bool later = false;
  loop.Post([] { throw std::runtime_error("fault on purpose"); });
  loop.Post([&] {
    later = true;
    loop.Stop();
  });
  loop.Run();
  CHECK(later);
}
