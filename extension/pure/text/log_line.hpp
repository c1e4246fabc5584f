// One line of the server's log that people and programs read: threefactor: WHAT key=value key="a value" ... Never a
// payload, a header, a secret or a URL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threefactor {

class LogLine {
 public:
  explicit LogLine(std::string_view what) : text_("threefactor: ") { text_ += what; }

  // UTF-8. Quoted as a JSON string when it is more than a plain word; an empty one is left out.
  LogLine& Add(std::string_view key, std::string_view value);
  LogLine& Add(std::string_view key, std::int64_t value);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace threefactor
