#include "metadata/transaction_control.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace threefactor::metadata {

namespace {

bool StartsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool IsInWord(char c) {
  return StartsWord(c) || (c >= '0' && c <= '9') || c == '$';
}

// What is left of SQL text; each function takes one lexical element from its front, or nothing.
class Rest {
 public:
  explicit Rest(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }
  bool Skip(std::string_view element) {
    if (!text_.starts_with(element)) return false;
    text_.remove_prefix(element.size());
    return true;
  }
  void SkipCharacter() { text_.remove_prefix(1); }

  bool SkipComment() {
    if (Skip("--")) {
      text_.remove_prefix(std::min(text_.find_first_of("\r\n"), text_.size()));
      return true;
    }
    if (!Skip("/*")) return false;
    for (int depth = 1; depth > 0 && !empty();) {
      if (Skip("/*"))
        ++depth;
      else if (Skip("*/"))
        --depth;
      else
        SkipCharacter();
    }
    return true;
  }

  // A doubled quote is two quoted texts side by side here, which ends at the same place.
  bool SkipQuoted() {
    const bool has_escapes = text_.size() >= 2 && (text_[0] == 'e' || text_[0] == 'E') && text_[1] == '\'';
    if (has_escapes) SkipCharacter();
    if (empty() || (text_.front() != '\'' && text_.front() != '"')) return SkipDollarQuoted();
    const char quote = text_.front();
    SkipCharacter();
    while (!empty() && text_.front() != quote) {
      if (has_escapes && text_.front() == '\\' && text_.size() > 1) SkipCharacter();
      SkipCharacter();
    }
    if (!empty()) SkipCharacter();
    // With escapes the doubled quote must not begin a text without them.
    while (has_escapes && !empty() && text_.front() == '\'') {
      SkipCharacter();
      while (!empty() && text_.front() != '\'') {
        if (text_.front() == '\\' && text_.size() > 1) SkipCharacter();
        SkipCharacter();
      }
      if (!empty()) SkipCharacter();
    }
    return true;
  }

  // In lower case; empty: something else is at the front.
  std::string TakeWord() {
    if (empty() || !StartsWord(text_.front())) return {};
    const auto* const end = std::find_if_not(text_.begin(), text_.end(), IsInWord);
    std::string word(text_.begin(), end);
    text_.remove_prefix(word.size());
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return word;
  }

  // A number or a parameter ($1), after which a letter begins no quoted text.
  void SkipNumber() {
    while (!empty() && IsInWord(text_.front())) SkipCharacter();
  }
  bool StartsNumber() const { return !empty() && text_.front() >= '0' && text_.front() <= '9'; }

 private:
  bool SkipDollarQuoted() {
    if (empty() || text_.front() != '$') return false;
    std::size_t end = 1;
    while (end < text_.size() && text_[end] != '$' && IsInWord(text_[end])) ++end;
    if (end == text_.size() || text_[end] != '$' || (text_[1] >= '0' && text_[1] <= '9')) return false;
    const std::string_view tag = text_.substr(0, end + 1);
    const std::size_t close = text_.find(tag, tag.size());
    text_.remove_prefix(close == std::string_view::npos ? text_.size() : close + tag.size());
    return true;
  }

  std::string_view text_;
};

}  // namespace

bool ControlsTransaction(std::string_view sql) {
  constexpr std::array<std::string_view, 8> kCommands = {"begin",    "start", "commit",    "end",
                                                         "rollback", "abort", "savepoint", "release"};
  Rest rest(sql);
  int words = 0;  // of the command so far; everything else counts as one, too
  bool is_prepare = false;
  while (!rest.empty()) {
    if (rest.Skip(";")) {
      words = 0;
    } else if (rest.SkipComment() || rest.Skip(" ") || rest.Skip("\t") || rest.Skip("\n") || rest.Skip("\r") ||
               rest.Skip("\f") || rest.Skip("\v")) {
      continue;
    } else if (rest.SkipQuoted()) {
      ++words;
    } else if (rest.StartsNumber()) {
      rest.SkipNumber();
      ++words;
    } else if (const std::string word = rest.TakeWord(); !word.empty()) {
      if (words == 0 && std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end()) return true;
      if (words == 1 && is_prepare && word == "transaction") return true;
      is_prepare = words == 0 && word == "prepare";
      ++words;
    } else {
      rest.SkipCharacter();
      ++words;
    }
  }
  return false;
}

}  // namespace threefactor::metadata
