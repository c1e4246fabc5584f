// The condition of an event trigger: from SQL text to the WHEN clause of a row trigger.
//
// It is CREATE TRIGGER ... WHEN with these differences:
// - It may mention OLD and NEW for every operation: the row that is absent is all NULL, so that one condition serves
// several
//   operations. CREATE TRIGGER refuses that; so the text is parsed with both rows, then the absent one's columns become
//   NULLs of their types before Postgres stores the result, deparses it in dumps and tracks what it depends on.
// - A function that is VOLATILE is refused: it might change something, or decide differently when nothing differs.
// - Where it can raise an error for some row, the error's context names the event trigger: the expression then stands
// between
//   threefactor.begin_condition and threefactor.end_condition. (The functions that the planner calls leakproof raise
//   none.)
// Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

struct Condition {
  Node* expression;   // for CreateTrigger; null: none
  List* range_table;  // what its dependencies refer to
};

struct AbsentRows {
  bool old_row;
  bool new_row;
};

// Raises where the text is not one expression over the rows of `relation`, and says what is wrong.
Condition MakeCondition(Relation relation, const char* text, AbsentRows absent, const char* event_trigger);

}  // namespace threefactor::capture
