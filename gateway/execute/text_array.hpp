#pragma once

#include <string>
#include <vector>

namespace threefactor::execute {

// A parameter of type text[] in its text form: {"a","b"}.
std::string TextArray(const std::vector<std::string>& values);

}  // namespace threefactor::execute
