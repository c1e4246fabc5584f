#include "validation/english.hpp"

namespace threefactor::validation {

std::string EnglishList(std::string_view conjunction, const std::vector<std::string_view>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool is_last = i + 1 == items.size();
    if (i > 0) text.append(items.size() > 2 ? ", " : " ");
    if (i > 0 && is_last) text.append(conjunction).append(" ");
    text.append(items[i]);
  }
  return text;
}

}  // namespace threefactor::validation
