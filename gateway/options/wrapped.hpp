// Text in lines, for --help and the reference page.
#pragma once

#include <string>
#include <string_view>

namespace threefactor {

// The words of `text` in lines of at most `width` characters, each ended by a line feed. A word that is longer has a
// line of its own. `first` stands before the first line, as many blanks before the others. Pure.
std::string Wrapped(std::string_view text, std::size_t width, std::string_view first);

}  // namespace threefactor
