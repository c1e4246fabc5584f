#include "plan/json_path.hpp"

#include <algorithm>

#include "base/characters.hpp"
#include "base/error.hpp"

namespace threefactor::plan {

namespace {

bool IsLetter(char c) {
  return IsNameStart(c) || static_cast<unsigned char>(c) >= 0x80;  // of UTF-8
}

// Reads `text` from left to right; each function answers whether what it wants was there.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : rest_(text) {}

  bool Read(std::vector<std::string>& keys) {
    if (rest_ == "$") return true;
    Take('$');
    do {
      Take('.');
      if (!(Take('[') ? Subscript(keys) : Name(keys))) return false;
    } while (!rest_.empty());
    return true;
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  template <typename Predicate>
  std::string_view While(Predicate predicate) {
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), predicate);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool Name(std::vector<std::string>& keys) {
    if (rest_.empty() || !IsLetter(rest_.front())) return false;
    keys.emplace_back(While([](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; }));
    return true;
  }

  bool Subscript(std::vector<std::string>& keys) {
    if (Take('\'')) return Quoted('\'', keys);
    if (Take('"')) return Quoted('"', keys);
    keys.emplace_back(While(IsDigit));
    return !keys.back().empty() && Take(']');
  }

  bool Quoted(char quote, std::vector<std::string>& keys) {
    std::string& key = keys.emplace_back();
    while (!rest_.empty() && rest_.front() != quote) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      key += rest_.front();
      rest_.remove_prefix(1);
    }
    return Take(quote) && Take(']');
  }

  std::string_view rest_;
};

}  // namespace

std::vector<std::string> ParseJsonPath(std::string_view text, const std::string& error_path) {
  std::vector<std::string> keys;
  if (PathReader(text).Read(keys)) return keys;
  throw Error(code::kValidationFailed,
              "parse json path error: " + std::string(text) +
                  ". Accept letters, digits, underscore (_) or hyphen (-) only. Use quotes enclosed in bracket "
                  "([\"...\"]) if there is any special character",
              error_path);
}

}  // namespace threefactor::plan
