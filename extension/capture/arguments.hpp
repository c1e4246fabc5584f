// What a row trigger of ours is called and says in its arguments, which dumps keep. It names its event trigger, so that
// in another database it is not taken for a part of one that has the same number there (event_trigger.hpp).
//
// Name: 00_threefactor_<event trigger>_<suffix>; the beginning sorts first.
// Arguments: the event trigger; the number of its definition, followed by " moves" where the row trigger serves moves
// between partitions only; the columns of the payload (none: all), an empty string, the columns of the key of order
// (none: no order), an empty string, and the columns of which one must change for an UPDATE to count (none: any). Empty
// lists at the end are left out with their separators. Version 0.1 wrote the number first and no event trigger.
// Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// Columns by name; the array is the trigger's.
struct Names {
  char** first;
  int count;
};

struct Arguments {
  const char* event_trigger;  // null: version 0.1 made the row trigger
  int32 definition;           // 0: not arguments of ours
  bool only_moves;
  Names payload;
  Names order_by;
  Names columns;
};

Arguments ParseArguments(const Trigger& trigger);

// The same for CREATE TRIGGER; lists of String nodes, which the result shares.
List* MakeArguments(const char* event_trigger, int32 definition, bool only_moves, const List* payload,
                    const List* order_by, const List* columns);

// The name of the row trigger, in the current memory context.
char* MakeTriggerName(const char* event_trigger, const char* suffix);

// The function that our row triggers call; InvalidOid: the extension is not there.
Oid CaptureFunction();

}  // namespace threefactor::capture
