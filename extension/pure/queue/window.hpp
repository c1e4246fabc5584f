// The next events of a cursor that goes by position: they are found by xid, so all on the way to the target are looked
// at before the first is given (delivery/README.md). Holds the places of so many at a time as stand below; then another
// pass finds the next.
#pragma once

#include "queue/state.hpp"

namespace threefactor::delivery {

inline constexpr std::size_t kMostPlaces = 1 << 17;

// One that the scan has come to.
void AddPlace(Window& window, const Cursor& cursor, EventOrder event, std::size_t most = kMostPlaces);
// The scan has come to the target.
void EndScan(Window& window, std::size_t most = kMostPlaces);

}  // namespace threefactor::delivery
