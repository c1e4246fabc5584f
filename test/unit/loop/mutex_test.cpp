#include "loop/mutex.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

using threefactor::ConditionVariable;
using threefactor::Mutex;
using threefactor::MutexLock;

namespace {

struct Counter {
  Mutex mutex;
  ConditionVariable changed;
  int value GUARDED_BY(mutex) = 0;
};

}  // namespace

TEST_CASE("who waits for a condition gives the mutex to others and has it again afterwards", "[loop]") {
  Counter counter;
  std::thread other([&counter] {
    {
      const MutexLock lock(counter.mutex);
      counter.value = 1;
    }
    counter.changed.NotifyOne();
  });
  {
    const MutexLock lock(counter.mutex);
    while (counter.value == 0) counter.changed.Wait(counter.mutex);
    CHECK(counter.value == 1);
  }
  other.join();
}

TEST_CASE("every lock of the gateway is one that clang checks", "[loop]") {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GATEWAY_SOURCES)) {
    const std::string extension = entry.path().extension();
    if ((extension != ".cpp" && extension != ".hpp") || entry.path().filename() == "mutex.hpp") continue;
    std::ifstream file(entry.path());
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    INFO(entry.path());
    for (const char* unchecked :
         {"std::mutex", "std::shared_mutex", "std::recursive_mutex", "std::lock_guard", "std::unique_lock",
          "std::shared_lock", "std::scoped_lock", "std::condition_variable"})
      CHECK(source.find(unchecked) == std::string::npos);
    ++files;
  }
  CHECK(files > 100);
}
