// No number of a user's becomes a binary float on its way: but for times and the preferences in headers, which are ours
// or HTTP's, the gateway's sources have no such type.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace {

std::string WithoutCommentsAndTexts(const std::string& source) {
  static const std::regex skipped(R"re("(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])+'|//[^\n]*)re");
  return std::regex_replace(source, skipped, "");
}

}  // namespace

TEST_CASE("no number of a user's becomes a binary float", "[json]") {
  const std::set<std::string> others = {"trace.cpp", "content_coding.cpp", "graphql_endpoint.cpp", "header_values.hpp"};
  const std::regex floats(R"(\b(float|double|strto[fd]|strtold|sto[fd]|stold|atof|GetDouble|GetFloat)\b)");
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GATEWAY_SOURCES)) {
    const std::string extension = entry.path().extension();
    if ((extension != ".cpp" && extension != ".hpp") || others.contains(entry.path().filename())) continue;
    std::ifstream file(entry.path());
    std::string source = WithoutCommentsAndTexts({std::istreambuf_iterator<char>(file), {}});
    // RapidJSON's handlers have such a function; it refuses.
    source = std::regex_replace(source, std::regex(R"(static bool Double\(double\) \{ return false; \})"), "");
    INFO(entry.path());
    CHECK_FALSE(std::regex_search(source, floats));
    ++files;
  }
  CHECK(files > 100);
}
