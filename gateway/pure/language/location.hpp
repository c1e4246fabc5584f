// Where an offset of a source lies for a person: lines and columns, both from 1.
#pragma once

#include <cstddef>
#include <string_view>

namespace threefactor::language {

struct Location {
  std::size_t line = 1;
  std::size_t column = 1;  // in characters
};

Location LocationOf(std::string_view source, std::size_t offset);

}  // namespace threefactor::language
