// The worker's memory as text: the column `state` of threefactor.checkpoint.
//
//   threefactor 1
//   workers NUMBER                       that the database had
//   cursor CURSOR                        the main cursor
//   detached TRIGGER CURSOR              for each detached event trigger
//   unsettled TRIGGER XID/POSITION ...   passed by the cursors, not settled
//   settled TRIGGER XID/POSITION ...     beyond the cursors, settled before a crash
//   inherited AGE WORKER CURSOR          of the workers before their number changed; the newest have age 0
//   inherited_detached AGE WORKER TRIGGER CURSOR
//   CURSOR:   SNAPSHOT, or SNAPSHOT > SNAPSHOT @ XID/POSITION while it is on the way to a target (by position: # for @)
//   SNAPSHOT: XMIN:XMAX:XID,XID,...      the last part: running, may be empty
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/snapshot.hpp"

namespace threefactor::delivery {

// Where one worker of a former number of workers was; and all of them, by their numbers (inheritance.hpp).
struct WorkerCursors {
  Cursor main;
  std::map<std::int32_t, Cursor> detached;  // by event trigger

  bool operator==(const WorkerCursors&) const = default;
};
using Generation = std::vector<WorkerCursors>;

struct Checkpoint {
  int workers = 1;
  Cursor cursor;
  std::map<std::int32_t, Cursor> detached;
  std::map<std::int32_t, std::vector<EventOrder>> unsettled;
  std::map<std::int32_t, std::vector<EventOrder>> settled;
  std::vector<Generation> inherited;

  bool operator==(const Checkpoint&) const = default;
};

std::string Format(const Checkpoint& checkpoint);
Checkpoint Parse(std::string_view text);  // throws std::runtime_error

}  // namespace threefactor::delivery
