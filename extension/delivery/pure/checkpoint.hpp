// The worker's memory as text: the column `state` of threefactor.checkpoint. Pure.
//
//   threefactor 1
//   cursor CURSOR                        the main cursor
//   detached TRIGGER CURSOR              for each detached event trigger
//   unsettled TRIGGER XID/POSITION ...   passed by the cursors, not settled
//   settled TRIGGER XID/POSITION ...     beyond the cursors, settled before a crash
//   CURSOR:   SNAPSHOT, or SNAPSHOT > SNAPSHOT @ XID/POSITION while it is on the way to a target (by position: # for @)
//   SNAPSHOT: XMIN:XMAX:XID,XID,...      the last part: running, may be empty
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/pure/state.hpp"

namespace threefactor::delivery {

struct Checkpoint {
  Cursor cursor;
  std::map<std::int32_t, Cursor> detached;
  std::map<std::int32_t, std::vector<EventOrder>> unsettled;
  std::map<std::int32_t, std::vector<EventOrder>> settled;

  bool operator==(const Checkpoint&) const = default;
};

Checkpoint TakeCheckpoint(const State& state);
std::string Format(const Checkpoint& checkpoint);
Checkpoint Parse(std::string_view text);  // throws std::runtime_error

}  // namespace threefactor::delivery
