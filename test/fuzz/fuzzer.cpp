// The fuzzer's entry: FUZZ_TARGET names the target.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const threefactor::fuzz::Target* const target = [] {
    const char* wanted = std::getenv("FUZZ_TARGET");
    for (const auto& each : threefactor::fuzz::Targets()) {
      if (wanted != nullptr && each.name == wanted) return &each;
    }
    std::fputs("FUZZ_TARGET names none of the targets (test/fuzz/targets.hpp)\n", stderr);
    std::exit(2);
  }();
  target->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
