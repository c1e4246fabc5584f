// What fuzzing found worth keeping (test/fuzz/README.md), replayed by the ordinary compiler: an input that breaks a
// promise ends the process.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "fuzz/targets.hpp"

TEST_CASE("the corpus of each fuzz target") {
  for (const threefactor::fuzz::Target& target : threefactor::fuzz::Targets()) {
    std::size_t inputs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(FUZZ_CORPUS) / target.name)) {
      INFO(entry.path());
      std::ifstream file(entry.path(), std::ios::binary);
      target.run(std::string(std::istreambuf_iterator<char>(file), {}));
      ++inputs;
    }
    CHECK(inputs > 0);
  }
}
