#include "capture/arguments.hpp"

#include <charconv>

extern "C" {
#include <catalog/pg_proc.h>
#include <common/hashfn.h>
#include <utils/syscache.h>
}

namespace threefactor::capture {

namespace {

constexpr char kPrefix[] = "00_threefactor_";
constexpr char kSeparator[] = "";  // no column has this name
constexpr char kMoves[] = " moves";

// The names from `*next` to the next separator, which is passed over.
Names TakeNames(const Trigger& trigger, int* next) {
  Names names = {trigger.tgargs + *next, 0};
  while (*next < trigger.tgnargs && strcmp(trigger.tgargs[*next], kSeparator) != 0) {
    names.count++;
    (*next)++;
  }
  *next = Min(*next + 1, trigger.tgnargs);
  return names;
}

bool IsDigit(char character) {
  return character >= '0' && character <= '9';
}

// Anybody may write arguments: what is no number of a definition leaves 0.
void TakeDefinition(const char* text, Arguments& arguments) {
  const char* const end = text + strlen(text);
  int32 number = 0;
  const auto [rest, error] = std::from_chars(text, end, number);
  arguments.only_moves = strcmp(rest, kMoves) == 0;
  if (error == std::errc{} && number > 0 && (rest == end || arguments.only_moves)) arguments.definition = number;
}

}  // namespace

Arguments ParseArguments(const Trigger& trigger) {
  Arguments arguments = {};
  int next = 0;
  if (trigger.tgnargs > 0 && !IsDigit(trigger.tgargs[0][0])) arguments.event_trigger = trigger.tgargs[next++];
  if (next == trigger.tgnargs) return arguments;
  TakeDefinition(trigger.tgargs[next++], arguments);
  arguments.payload = TakeNames(trigger, &next);
  arguments.order_by = TakeNames(trigger, &next);
  arguments.columns = TakeNames(trigger, &next);
  return arguments;
}

List* MakeArguments(const char* event_trigger, int32 definition, bool only_moves, const List* payload,
                    const List* order_by, const List* columns) {
  List* arguments = list_make2(makeString(pstrdup(event_trigger)),
                               makeString(psprintf("%d%s", definition, only_moves ? kMoves : "")));
  arguments = list_concat(arguments, payload);
  if (order_by != NIL || columns != NIL)
    arguments = list_concat(lappend(arguments, makeString(pstrdup(kSeparator))), order_by);
  if (columns != NIL) arguments = list_concat(lappend(arguments, makeString(pstrdup(kSeparator))), columns);
  return arguments;
}

// A name of an event trigger may be longer than that of a trigger: then its beginning and a hash stand for it.
char* MakeTriggerName(const char* event_trigger, const char* suffix) {
  constexpr int kHashLength = 9;
  const int length = static_cast<int>(strlen(event_trigger));
  const int room = NAMEDATALEN - 1 - static_cast<int>(strlen(kPrefix) + 1 + strlen(suffix));
  if (length <= room) return psprintf("%s%s_%s", kPrefix, event_trigger, suffix);
  const uint32 hash = hash_bytes(reinterpret_cast<const unsigned char*>(event_trigger), length);
  return psprintf("%s%.*s~%08x_%s", kPrefix, room - kHashLength, event_trigger, hash, suffix);
}

Oid CaptureFunction() {
  const Oid schema = get_namespace_oid("threefactor", true);
  if (!OidIsValid(schema)) return InvalidOid;
  return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("capture"),
                         PointerGetDatum(buildoidvector(nullptr, 0)), ObjectIdGetDatum(schema));
}

}  // namespace threefactor::capture
