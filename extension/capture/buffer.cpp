#include "capture/buffer.hpp"

#include "capture/move.hpp"
#include "capture/session.hpp"
#include "settings.hpp"

namespace threefactor::capture {

namespace {

constexpr uint64 kFlushBytes = 1024 * 1024;

// What the last event was made of, for firings that may join it.
struct OpenChange {
  bool open;
  Oid relation;
  ItemPointerData old_place;
  ItemPointerData new_place;
  const Bitmapset* columns;  // rendered; null: all
};

// Of one transaction, in TopTransactionContext. Sources outlive it, so that events point to what they hold. The levels
// (nesting depths of subtransactions) never fall along `events`.
struct Events {
  MemoryContext memory;     // what the events point to
  text* session_variables;  // of the last event, shared by those before with the same
  text* trace_context;
  int count;
  int capacity;
  uint64 bytes;  // of the events and what they point to
  outbox::Event* events;
  int* levels;
  OpenChange last;
};

Events* buffered = nullptr;

Events& Begin() {
  if (buffered) return *buffered;
  constexpr int kFirstCapacity = 16;
  const MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
  auto* made = static_cast<Events*>(palloc0(sizeof(Events)));
  made->memory = AllocSetContextCreate(TopTransactionContext, "threefactor events", ALLOCSET_DEFAULT_SIZES);
  made->capacity = kFirstCapacity;
  made->events = static_cast<outbox::Event*>(palloc(sizeof(outbox::Event) * kFirstCapacity));
  made->levels = static_cast<int*>(palloc(sizeof(int) * kFirstCapacity));
  MemoryContextSwitchTo(caller);
  return *(buffered = made);
}

uint64 SizeOf(const text* value) {
  return value ? VARSIZE(value) : 0;
}

// `kept`, when it is equal, else a copy, which it becomes.
text* Keep(Events& all, text*& kept, const text* value) {
  if (!value || (kept && VARSIZE(kept) == VARSIZE(value) && memcmp(kept, value, VARSIZE(value)) == 0))
    return value ? kept : nullptr;
  all.bytes += SizeOf(value);
  return kept = static_cast<text*>(memcpy(MemoryContextAlloc(all.memory, VARSIZE(value)), value, VARSIZE(value)));
}

// What belongs to the event alone.
uint64 SizeOf(const outbox::Event& event) {
  return sizeof event + (event.order_keys ? sizeof(uint64) * outbox::kMaxDefinitions : 0) + SizeOf(event.old_row) +
         SizeOf(event.new_row);
}

void ReleaseRows(outbox::Event& event) {
  if (event.old_row) pfree(event.old_row);
  if (event.new_row) pfree(event.new_row);
  event.old_row = event.new_row = nullptr;
}

// Renders both rows into the event, of the old one what differs from the new one. More than the limit leaves a marker
// in the place of each.
void Render(Events& all, outbox::Event& event, TableRendering& table, const Change& change, const Bitmapset* columns) {
  const int limit = settings::max_payload_size * 1024;
  JsonText old_row(limit);
  JsonText new_row(limit);
  const int pinned = PinSettings(table);
  if (change.old_row) RenderRow(old_row, table, change.old_row, columns, change.differing);
  if (change.new_row) RenderRow(new_row, table, change.new_row, columns, nullptr);
  UnpinSettings(pinned);
  const bool fits = old_row.size() + new_row.size() <= static_cast<uint64>(limit);
  if (change.old_row) event.old_row = fits ? old_row.Finish(all.memory) : old_row.Marker(all.memory);
  if (change.new_row) event.new_row = fits ? new_row.Finish(all.memory) : new_row.Marker(all.memory);
}

bool SameAsLast(const Events& all, const Change& change) {
  if (!all.last.open || all.count == 0) return false;
  const outbox::Event& event = all.events[all.count - 1];
  return all.last.relation == change.relation && event.operation == change.operation &&
         ItemPointerEquals(const_cast<ItemPointerData*>(&all.last.old_place),
                           const_cast<ItemPointerData*>(&change.old_place)) &&
         ItemPointerEquals(const_cast<ItemPointerData*>(&all.last.new_place),
                           const_cast<ItemPointerData*>(&change.new_place));
}

// Room for one more is the caller's to look for.
void AddDefinition(const Events& all, outbox::Event& event, const Source& source, const Change& change) {
  TupleTableSlot* const row = change.new_row ? change.new_row : change.old_row;
  if (source.order_key && row) {
    if (!event.order_keys)
      event.order_keys =
          static_cast<uint64*>(MemoryContextAllocZero(all.memory, sizeof(uint64) * outbox::kMaxDefinitions));
    event.order_keys[event.definition_count] = KeyOf(*source.order_key, row);
  }
  event.definitions[event.definition_count++] = source.definition;
}

// False when the source cannot join: its definition is in the event already (so this is another change), or no room.
bool Join(Events& all, Source& source, const Change& change) {
  outbox::Event& event = all.events[all.count - 1];
  for (int i = 0; i < event.definition_count; i++)
    if (event.definitions[i] == source.definition) return false;
  if (event.definition_count == outbox::kMaxDefinitions) return false;
  all.bytes -= SizeOf(event);
  AddDefinition(all, event, source, change);
  const bool rendered = !all.last.columns || (source.payload && bms_is_subset(source.payload, all.last.columns));
  if (!rendered) {
    ReleaseRows(event);
    const MemoryContext caller = MemoryContextSwitchTo(all.memory);
    all.last.columns = source.payload ? bms_union(all.last.columns, source.payload) : nullptr;
    MemoryContextSwitchTo(caller);
    Render(all, event, *source.rendering, change, all.last.columns);
  }
  all.bytes += SizeOf(event);
  return true;
}

void Grow(Events& all) {
  if (all.count < all.capacity) return;
  all.capacity *= 2;
  all.events = static_cast<outbox::Event*>(repalloc_huge(all.events, sizeof(outbox::Event) * all.capacity));
  all.levels = static_cast<int*>(repalloc_huge(all.levels, sizeof(int) * all.capacity));
}

// Forgets the events from `first` on.
void Truncate(Events& all, int first) {
  all.last.open = false;
  for (int i = first; first > 0 && i < all.count; i++) {
    all.bytes -= SizeOf(all.events[i]);
    ReleaseRows(all.events[i]);
    if (all.events[i].order_keys) pfree(all.events[i].order_keys);
  }
  all.count = first;
  if (first > 0) return;
  MemoryContextReset(all.memory);
  all.session_variables = all.trace_context = nullptr;
  all.bytes = 0;
}

int FirstOfLevel(const Events& all, int level) {
  int first = all.count;
  while (first > 0 && all.levels[first - 1] >= level) first--;
  return first;
}

// Inserts what the current subtransaction has buffered.
void Flush() {
  if (!buffered || buffered->count == 0) return;
  const int first = FirstOfLevel(*buffered, GetCurrentTransactionNestLevel());
  outbox::Append(outbox::RequireSlot(), buffered->events + first, buffered->count - first);
  Truncate(*buffered, first);
}

void OnTransaction(XactEvent event, void*) {
  switch (event) {
    case XACT_EVENT_PRE_COMMIT:
    case XACT_EVENT_PRE_PREPARE:
      Flush();
      break;
    case XACT_EVENT_COMMIT:
    case XACT_EVENT_ABORT:
    case XACT_EVENT_PREPARE:
      buffered = nullptr;
      ForgetMoves();
      ForgetStaleSources();
      break;
    default:
      break;
  }
}

void OnSubtransaction(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
  if (event == SUBXACT_EVENT_ABORT_SUB) ForgetMoves();
  if (!buffered) return;
  buffered->last.open = false;
  const int level = GetCurrentTransactionNestLevel();
  if (event == SUBXACT_EVENT_COMMIT_SUB)
    for (int i = FirstOfLevel(*buffered, level); i < buffered->count; i++) buffered->levels[i] = level - 1;
  if (event == SUBXACT_EVENT_ABORT_SUB) Truncate(*buffered, FirstOfLevel(*buffered, level));
}

}  // namespace

void Buffer(Source& source, const Change& change) {
  Events& all = Begin();
  if (SameAsLast(all, change) && Join(all, source, change)) return;
  all.last.open = false;
  if (all.bytes > kFlushBytes) Flush();
  Grow(all);

  outbox::Event event = {};
  event.position = shared::NextPosition(outbox::RequireSlot());
  event.event_id = outbox::NewEventId();
  event.created_at = GetCurrentTransactionStartTimestamp();
  event.operation = change.operation;
  AddDefinition(all, event, source, change);
  event.table_schema = source.table_schema;
  event.table_name = source.table_name;
  Render(all, event, *source.rendering, change, source.payload);
  event.session_variables = Keep(all, all.session_variables, SessionVariables());
  event.trace_context = Keep(all, all.trace_context, TraceContext());

  all.events[all.count] = event;
  all.levels[all.count] = GetCurrentTransactionNestLevel();
  all.count++;
  all.bytes += SizeOf(event);
  all.last = {true, change.relation, change.old_place, change.new_place, source.payload};
}

void EndStatement() {
  ForgetMoves();
  Flush();
}

void RegisterCallbacks() {
  RegisterXactCallback(OnTransaction, nullptr);
  RegisterSubXactCallback(OnSubtransaction, nullptr);
}

}  // namespace threefactor::capture
