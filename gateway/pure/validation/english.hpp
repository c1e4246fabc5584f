// Lists in messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threefactor::validation {

// "a", "a or b", "a, b, or c".
std::string EnglishList(std::string_view conjunction, const std::vector<std::string_view>& items);

}  // namespace threefactor::validation
