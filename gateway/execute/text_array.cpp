#include "execute/text_array.hpp"

namespace threefactor::execute {

std::string TextArray(const std::vector<std::string>& values) {
  std::string text = "{";
  for (const std::string& value : values) {
    if (text.size() > 1) text.push_back(',');
    text.push_back('"');
    for (const char c : value) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  return text.append("}");
}

}  // namespace threefactor::execute
