// The old row of an UPDATE is stored as what differs from the new one: a JSON object with the members whose values
// differ, in the order of the new row's. That halves what an UPDATE of few columns writes. Where either is omitted
// (omitted.hpp), the other is whole.
#pragma once

#include <cstddef>
#include <string_view>

namespace threefactor {

// Writes the whole old row to `result`, which has room for both texts, and gives its length. Members that `differing`
// lacks are those of `new_row`. Both must be objects; where one is not, `differing` is taken as it is. Neither throws
// nor allocates.
std::size_t WholeOldRow(std::string_view differing, std::string_view new_row, char* result) noexcept;

}  // namespace threefactor
