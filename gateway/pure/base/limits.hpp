// Sizes a request may not exceed (each a setting; exceeding one is an Error that names it). Plain data.
#pragma once

#include <algorithm>
#include <cstddef>

namespace threefactor {

struct Limits {
  std::size_t document_bytes = 1 << 20;
  std::size_t tokens = 20000;
  int depth = 64;  // nesting of selection sets and fragments, and of values
  int root_fields = 100;
  int aliases = 1000;
  std::size_t selected_fields = 10000;  // after fragments are inlined: what bounds their exponential growth
  std::size_t response_characters = 0;  // of the data of one response; 0: any number

  // Characters have up to four bytes.
  std::size_t ResponseBytes() const { return response_characters * 4; }

  // The stages recurse once per level, so a setting cannot raise the depth beyond what any thread's stack holds.
  int SafeDepth() const { return std::min(depth, 500); }
};

}  // namespace threefactor
