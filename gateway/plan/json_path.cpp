#include "plan/json_path.hpp"

#include <algorithm>

#include "error.hpp"

namespace threefactor::plan {

namespace {

class PathReader {
 public:
  PathReader(std::string_view text, const std::string& error_path) : rest_(text), error_path_(error_path) {}

  std::vector<std::string> Read() {
    std::vector<std::string> keys;
    Take('$');
    if (!rest_.empty() && rest_.front() != '.' && rest_.front() != '[') keys.push_back(Name());  // "a.b"
    while (!rest_.empty()) {
      if (Take('.')) {
        if (!rest_.empty() && rest_.front() == '[') continue;  // a.[0] is a[0]
        keys.push_back(Name());
      } else if (Take('[')) {
        keys.push_back(Subscript());
      } else {
        Fail("expected . or [");
      }
    }
    return keys;
  }

 private:
  [[noreturn]] void Fail(std::string_view why) const {
    throw Error(code::kParseFailed, "parse json path error: " + std::string(why), error_path_);
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string Until(std::string_view ends) {
    const std::size_t length = std::min(rest_.find_first_of(ends), rest_.size());
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }

  std::string Name() {
    std::string name = Until(".[");
    if (name.empty()) Fail("empty key");
    return name;
  }

  std::string Subscript() {
    if (!rest_.empty() && (rest_.front() == '\'' || rest_.front() == '"')) return Quoted();
    std::string index = Until("]");
    if (index.empty() || !std::all_of(index.begin(), index.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      Fail("expected an index or a quoted key between [ and ]");
    }
    if (!Take(']')) Fail("no ] after an index");
    return index;
  }

  std::string Quoted() {
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    std::string key;
    while (!rest_.empty() && rest_.front() != quote) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      key += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!Take(quote) || !Take(']')) Fail("no end of a quoted key");
    return key;
  }

  std::string_view rest_;
  const std::string& error_path_;
};

}  // namespace

std::vector<std::string> ParseJsonPath(std::string_view text, const std::string& error_path) {
  return PathReader(text, error_path).Read();
}

}  // namespace threefactor::plan
