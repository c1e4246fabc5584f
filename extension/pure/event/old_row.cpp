#include "event/old_row.hpp"

#include <algorithm>

#include "event/omitted.hpp"

namespace threefactor {

namespace {

// Walks over the members of an object: "name":value, as text.
class Members {
 public:
  explicit Members(std::string_view object) : text_(object) {
    SkipSpace();
    valid_ = Take('{');
    Next();
  }

  bool Valid() const { return valid_; }
  bool AtEnd() const { return member_.empty(); }
  std::string_view Member() const { return member_; }
  std::string_view Name() const { return member_.substr(0, name_length_); }

  void Next() {
    member_ = {};
    SkipSpace();
    if (!valid_ || Take('}')) return;
    const std::size_t begin = at_;
    SkipString();
    name_length_ = at_ - begin;
    SkipValue();
    valid_ = name_length_ > 1 && at_ < text_.size();
    if (!valid_) return;
    member_ = text_.substr(begin, at_ - begin);
    (void)Take(',');
  }

 private:
  bool Take(char character) {
    if (at_ == text_.size() || text_[at_] != character) return false;
    at_++;
    return true;
  }

  void SkipSpace() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  void SkipString() {
    if (!Take('"')) return;
    while (at_ < text_.size() && !Take('"')) at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
  }

  // Up to the comma or brace that ends the member.
  void SkipValue() {
    int depth = 0;
    for (; at_ < text_.size(); at_++) {
      const char character = text_[at_];
      if (character == '"') {
        SkipString();
        at_--;
      } else if (character == '{' || character == '[') {
        depth++;
      } else if (character == '}' || character == ']' || character == ',') {
        if (depth == 0) return;
        depth -= character != ',';
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool valid_ = false;
  std::string_view member_;
  std::size_t name_length_ = 0;
};

char* Copy(std::string_view text, char* to) {
  return std::copy(text.begin(), text.end(), to);
}

}  // namespace

std::size_t WholeOldRow(std::string_view differing, std::string_view new_row, char* result) noexcept {
  if (IsOmitted(differing) || IsOmitted(new_row)) return static_cast<std::size_t>(Copy(differing, result) - result);
  Members old_members(differing);
  Members members(new_row);
  char* end = Copy("{", result);
  for (; members.Valid() && !members.AtEnd(); members.Next()) {
    if (end != result + 1) end = Copy(",", end);
    const bool differs = !old_members.AtEnd() && old_members.Name() == members.Name();
    end = Copy(differs ? old_members.Member() : members.Member(), end);
    if (differs) old_members.Next();
  }
  end = Copy("}", end);
  const bool whole = members.Valid() && old_members.Valid() && old_members.AtEnd();
  return static_cast<std::size_t>((whole ? end : Copy(differing, result)) - result);
}

}  // namespace threefactor
