// Where in the request the validation is: a JSONPath that grows and shrinks with it (gateway/dialect/errors.md).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/characters.hpp"

namespace threefactor::validation {

class Path {
 public:
  // Removes what was appended when it goes out of scope.
  class Scope {
   public:
    Scope(Path& path, std::size_t length) : path_(path), length_(length) {}
    ~Scope() { path_.text_.resize(length_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Path& path_;
    std::size_t length_;
  };

  Path() = default;
  explicit Path(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }

  [[nodiscard]] Scope Key(std::string_view key) {
    const std::size_t length = text_.size();
    if (IsName(key)) {
      text_.append(".").append(key);
    } else {
      text_.append("['").append(key).append("']");
    }
    return {*this, length};
  }

  [[nodiscard]] Scope Index(std::size_t index) {
    const std::size_t length = text_.size();
    text_.append("[").append(std::to_string(index)).append("]");
    return {*this, length};
  }

 private:
  std::string text_ = "$";
};

}  // namespace threefactor::validation
