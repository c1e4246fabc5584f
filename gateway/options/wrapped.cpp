#include "options/wrapped.hpp"

#include <algorithm>

namespace threefactor {

std::string Wrapped(std::string_view text, std::size_t width, std::string_view first) {
  std::string lines(first);
  std::size_t column = first.size();
  bool begins_line = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!begins_line && column + 1 + word.size() > width) {
      lines.append("\n").append(first.size(), ' ');
      column = first.size();
      begins_line = true;
    }
    lines.append(begins_line ? "" : " ").append(word);
    column += word.size() + (begins_line ? 0 : 1);
    begins_line = false;
  }
  return lines + '\n';
}

}  // namespace threefactor
