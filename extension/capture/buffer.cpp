#include "capture/buffer.hpp"

#include "capture/move.hpp"
#include "outbox/session.hpp"
#include "settings/settings.hpp"

namespace threefactor::capture {

namespace {

constexpr uint64 kFlushBytes = 1024 * 1024;
constexpr uint64 kMostStored = 768 * 1024 * 1024;  // of both rows of an event: a tuple has at most 1 GB

// What the last events were made of, for firings that may join them. A change of a row of a partition makes one event
// for each table that event triggers of it were made on: an event says one table.
struct OpenChange {
  bool open;
  outbox::Operation operation;
  Oid relation;
  ItemPointerData old_place;
  ItemPointerData new_place;
  int first;  // of its events; the others follow
};

// What is known of an event beyond the event.
struct Made {
  int level;                 // nesting depth of its subtransaction; never falls along the events
  Oid root;                  // the table that it says
  const Bitmapset* columns;  // rendered; null: all
};

// Of one transaction, in TopTransactionContext. Sources outlive it, so that events point to what they hold.
struct Events {
  MemoryContext memory;     // what the events point to
  text* session_variables;  // of the last event, shared by those before with the same
  text* trace_context;
  int count;
  int capacity;
  uint64 bytes;  // of the events and what they point to
  outbox::NewEvent* events;
  Made* made;  // parallel to them
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
  made->events = static_cast<outbox::NewEvent*>(palloc(sizeof(outbox::NewEvent) * kFirstCapacity));
  made->made = static_cast<Made*>(palloc(sizeof(Made) * kFirstCapacity));
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
uint64 SizeOf(const outbox::NewEvent& event) {
  return sizeof event + (event.order_keys ? sizeof(uint64) * outbox::kMaxDefinitions : 0) + SizeOf(event.old_row) +
         SizeOf(event.new_row);
}

void ReleaseRows(outbox::NewEvent& event) {
  if (event.old_row) pfree(event.old_row);
  if (event.new_row) pfree(event.new_row);
  event.old_row = event.new_row = nullptr;
}

// Renders both rows into the event, each whole or, past the limit, as omitted. Where the new one is kept, of the old
// one is stored what differs.
void Render(Events& all, outbox::NewEvent& event, TableRendering& table, const Change& change,
            const Bitmapset* columns) {
  const int limit = settings::max_payload_size * 1024;
  json::JsonText old_row(limit);
  json::JsonText new_row(limit);
  const int pinned = PinSettings(table);
  uint64 new_differing = 0;
  if (change.new_row) new_differing = RenderRow(new_row, table, change.new_row, columns, nullptr, change.differing);
  const bool in_part = change.differing && new_row.whole();
  uint64 old_differing = 0;
  if (change.old_row)
    old_differing =
        RenderRow(old_row, table, change.old_row, columns, in_part ? change.differing : nullptr, change.differing);
  UnpinSettings(pinned);
  // Both have the same members.
  const uint64 old_size = in_part ? new_row.size() - new_differing + old_differing : old_row.size();
  const uint64 stored = old_row.size() + (new_row.whole() ? new_row.size() : 0);
  const bool keeps_old = old_size <= static_cast<uint64>(limit) && stored <= kMostStored;
  if (change.new_row)
    event.new_row = new_row.whole() ? new_row.Finish(all.memory) : json::OmittedRow(new_row.size(), all.memory);
  if (change.old_row) event.old_row = keeps_old ? old_row.Finish(all.memory) : json::OmittedRow(old_size, all.memory);
}

bool IsOpen(const Events& all, const Change& change) {
  const OpenChange& last = all.last;
  return last.open && last.relation == change.relation && last.operation == change.operation &&
         ItemPointerEquals(const_cast<ItemPointerData*>(&last.old_place),
                           const_cast<ItemPointerData*>(&change.old_place)) &&
         ItemPointerEquals(const_cast<ItemPointerData*>(&last.new_place),
                           const_cast<ItemPointerData*>(&change.new_place));
}

bool Lists(const outbox::NewEvent& event, int32 definition) {
  for (int i = 0; i < event.definition_count; i++)
    if (event.definitions[i] == definition) return true;
  return false;
}

// Room for one more is the caller's to look for.
void AddDefinition(const Events& all, outbox::NewEvent& event, const Source& source, const Change& change) {
  TupleTableSlot* const row = change.new_row ? change.new_row : change.old_row;
  if (source.order_key && row) {
    if (!event.order_keys)
      event.order_keys =
          static_cast<uint64*>(MemoryContextAllocZero(all.memory, sizeof(uint64) * outbox::kMaxDefinitions));
    event.order_keys[event.definition_count] = KeyOf(*source.order_key, row);
  }
  event.definitions[event.definition_count++] = source.definition;
}

void Join(Events& all, int place, const Source& source, const Change& change) {
  outbox::NewEvent& event = all.events[place];
  Made& made = all.made[place];
  all.bytes -= SizeOf(event);
  AddDefinition(all, event, source, change);
  const bool rendered = !made.columns || (source.payload && bms_is_subset(source.payload, made.columns));
  if (!rendered) {
    ReleaseRows(event);
    const MemoryContext caller = MemoryContextSwitchTo(all.memory);
    made.columns = source.payload ? bms_union(made.columns, source.payload) : nullptr;
    MemoryContextSwitchTo(caller);
    Render(all, event, *source.rendering, change, made.columns);
  }
  all.bytes += SizeOf(event);
}

// False when there is no event of the change that the source can join. The change is another one when its definition is
// in an event already.
bool JoinOpen(Events& all, const Source& source, const Change& change) {
  if (!IsOpen(all, change)) return all.last.open = false;
  int joined = -1;
  for (int i = all.last.first; i < all.count; i++) {
    if (Lists(all.events[i], source.definition)) return all.last.open = false;
    if (all.made[i].root == source.root && all.events[i].definition_count < outbox::kMaxDefinitions) joined = i;
  }
  if (joined < 0) return false;
  Join(all, joined, source, change);
  return true;
}

void Grow(Events& all) {
  if (all.count < all.capacity) return;
  all.capacity *= 2;
  all.events = static_cast<outbox::NewEvent*>(repalloc_huge(all.events, sizeof(outbox::NewEvent) * all.capacity));
  all.made = static_cast<Made*>(repalloc_huge(all.made, sizeof(Made) * all.capacity));
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
  while (first > 0 && all.made[first - 1].level >= level) first--;
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
    for (int i = FirstOfLevel(*buffered, level); i < buffered->count; i++) buffered->made[i].level = level - 1;
  if (event == SUBXACT_EVENT_ABORT_SUB) Truncate(*buffered, FirstOfLevel(*buffered, level));
}

}  // namespace

void Buffer(Source& source, const Change& change) {
  Events& all = Begin();
  if (JoinOpen(all, source, change)) return;
  if (all.bytes > kFlushBytes) Flush();
  Grow(all);

  outbox::NewEvent event = {};
  event.position = shared::NextPosition(outbox::RequireSlot());
  event.event_id = outbox::NewEventId();
  event.created_at = GetCurrentTransactionStartTimestamp();
  event.operation = change.operation;
  AddDefinition(all, event, source, change);
  event.table_schema = source.table_schema;
  event.table_name = source.table_name;
  Render(all, event, *source.rendering, change, source.payload);
  event.session_variables = Keep(all, all.session_variables, outbox::SessionVariables());
  event.trace_context = Keep(all, all.trace_context, outbox::TraceContext());

  if (!all.last.open)
    all.last = {true, change.operation, change.relation, change.old_place, change.new_place, all.count};
  all.events[all.count] = event;
  all.made[all.count] = {GetCurrentTransactionNestLevel(), source.root, source.payload};
  all.count++;
  all.bytes += SizeOf(event);
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
