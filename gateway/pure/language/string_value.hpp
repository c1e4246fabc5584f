// What a string token stands for (GraphQL specification, section 2.9.4).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace threefactor::language {

// `raw` is the part of `source` between the quotes. Throws Error on an escape that is none.
std::string DecodeString(std::string_view source, std::string_view raw);

// Removes the common indent and the blank lines around the text; \""" is the only escape.
std::string DecodeBlockString(std::string_view raw);

}  // namespace threefactor::language
