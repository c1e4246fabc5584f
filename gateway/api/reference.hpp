// The page gateway/REFERENCE.md, made from the tables of options and endpoints.
#pragma once

#include <string>

namespace threefactor {

// Markdown. Pure. `make check` compares it with the page.
std::string ReferencePage();

}  // namespace threefactor
