// What a row trigger of ours says in its arguments, which dumps keep: the definition, then the columns of the payload
// (none: all), an empty string, the columns of the key of order (none: no order), an empty string, and the columns of
// which one must change for an UPDATE to count (none: any). Empty lists at the end are left out with their separators.
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
  int32 definition;  // 0: not an argument of ours
  Names payload;
  Names order_by;
  Names columns;
};

Arguments ParseArguments(const Trigger& trigger);

// The same for CREATE TRIGGER; lists of String nodes, which the result shares.
List* MakeArguments(int32 definition, const List* payload, const List* order_by, const List* columns);

}  // namespace threefactor::capture
