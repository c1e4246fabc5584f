// The list of SQLSTATEs (base/sqlstate.hpp) is whole, its names are those of PostgreSQL, and no other file has one.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "postgres/failure_log.hpp"

namespace {

const std::filesystem::path kGateway = GATEWAY_SOURCES;

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// By name: kUniqueViolation -> 23505.
std::map<std::string, std::string> List() {
  const std::string text = Read(kGateway / "pure/base/sqlstate.hpp");
  const std::regex row(R"re((k\w+) = "([0-9A-Z]+)";)re");
  std::map<std::string, std::string> list;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) list[(*it)[1]] = (*it)[2];
  return list;
}

// kUniqueViolation -> unique_violation
std::string Condition(const std::string& name) {
  std::string condition;
  for (const char c : name.substr(1)) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !condition.empty()) condition += '_';
    condition += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return condition;
}

// Texts in quotes that are SQLSTATEs or classes of them.
std::vector<std::string> BareSqlStates(const std::string& source) {
  static const std::regex sqlstate(R"(\d[0-9A-Z]([0-9A-Z]{3})?|TF[0-9A-Z]{3}|XX\d{3}|P0\d{3}|57P)");
  std::vector<std::string> found;
  for (std::size_t begin = source.find('"'); begin != std::string::npos; begin = source.find('"', begin + 1)) {
    const std::size_t end = source.find('"', begin + 1);
    if (end == std::string::npos || end - begin > 6) continue;
    std::string text = source.substr(begin + 1, end - begin - 1);
    if (std::regex_match(text, sqlstate)) found.push_back(std::move(text));
  }
  return found;
}

}  // namespace

TEST_CASE("a SQLSTATE of PostgreSQL has the name that PostgreSQL gives it", "[errors]") {
  int count = 0;
  for (const auto& [name, sqlstate] : List()) {
    if (sqlstate.size() != 5 || sqlstate.starts_with("TF")) continue;
    CHECK(threefactor::FailureKind(sqlstate) == "SQLSTATE " + sqlstate + " (" + Condition(name) + ")");
    ++count;
  }
  CHECK(count > 20);
}

TEST_CASE("the list has the SQLSTATEs that the functions of the schema threefactor raise, and no others", "[errors]") {
  std::set<std::string> listed;
  for (const auto& [name, sqlstate] : List())
    if (sqlstate.size() == 5 && sqlstate.starts_with("TF")) listed.insert(sqlstate);
  std::set<std::string> raised;
  const std::regex code(R"(ERRCODE = '(TF\w{3})')");
  for (const auto& entry : std::filesystem::directory_iterator(kGateway.parent_path() / "sql")) {
    if (entry.path().extension() != ".sql") continue;
    const std::string text = Read(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) raised.insert((*it)[1]);
  }
  // Those of C++ that have a word are raised by functions too; the numbered ones are not.
  const std::regex macro(R"(MAKE_SQLSTATE\('T', 'F', '([A-Z])', '([A-Z])', '([A-Z])'\))");
  const std::string errors = Read(kGateway.parent_path() / "extension/pg/errors.hpp");
  for (std::sregex_iterator it(errors.begin(), errors.end(), macro), end; it != end; ++it)
    raised.insert("TF" + (*it)[1].str() + (*it)[2].str() + (*it)[3].str());
  CHECK(listed == raised);
}

TEST_CASE("the gateway names each SQLSTATE", "[errors]") {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kGateway)) {
    const std::string extension = entry.path().extension();
    if ((extension != ".cpp" && extension != ".hpp") || entry.path().filename() == "sqlstate.hpp") continue;
    const std::string source = Read(entry.path());
    if (source.find("sqlstate") == std::string::npos && source.find("SqlState") == std::string::npos) continue;
    INFO(entry.path());
    CHECK(BareSqlStates(source).empty());
    ++files;
  }
  CHECK(files > 5);
}
