#include "capture/arguments.hpp"

namespace threefactor::capture {

namespace {

constexpr char kSeparator[] = "";  // no column has this name

// The names from `*next` to the next separator, which is passed over.
Names TakeNames(const Trigger& trigger, int* next) {
  Names names = {trigger.tgargs + *next, 0};
  while (*next < trigger.tgnargs && strcmp(trigger.tgargs[*next], kSeparator) != 0) {
    names.count++;
    (*next)++;
  }
  (*next)++;
  return names;
}

}  // namespace

Arguments ParseArguments(const Trigger& trigger) {
  if (trigger.tgnargs < 1) return {};
  int next = 1;
  Arguments arguments = {};
  arguments.definition = atoi(trigger.tgargs[0]);
  arguments.payload = TakeNames(trigger, &next);
  arguments.order_by = TakeNames(trigger, &next);
  arguments.columns = TakeNames(trigger, &next);
  return arguments;
}

List* MakeArguments(int32 definition, const List* payload, const List* order_by, const List* columns) {
  List* arguments = list_make1(makeString(psprintf("%d", definition)));
  arguments = list_concat(arguments, payload);
  if (order_by != NIL || columns != NIL)
    arguments = list_concat(lappend(arguments, makeString(pstrdup(kSeparator))), order_by);
  if (columns != NIL) arguments = list_concat(lappend(arguments, makeString(pstrdup(kSeparator))), columns);
  return arguments;
}

}  // namespace threefactor::capture
