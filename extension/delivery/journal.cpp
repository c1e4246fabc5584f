#include "pg/prelude.hpp"

#include "delivery/journal.hpp"

#include <algorithm>

#include "delivery/consequences.hpp"
#include "pg/transaction.hpp"
#include "queue/key_order.hpp"
#include "queue/state_checkpoint.hpp"

extern "C" {
#include <utils/resowner.h>
#include <utils/xid8.h>
}

namespace threefactor::delivery {

namespace {

constexpr int kMostCheckpoints = 1000;  // rows, before the table is emptied
constexpr int kAttemptsAtOnce = 64;

constexpr char kPark[] =
    "INSERT INTO threefactor.parked (event_id, trigger_id, state, attempts, next_attempt_at, last_status, last_error,"
    " definition_id, idempotency_key, event_xid, event_position, created_at, operation, table_schema, table_name,"
    " old_row, new_row, session_variables, trace_context, order_key)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
    " ON CONFLICT (event_id, trigger_id) DO UPDATE SET state = EXCLUDED.state, attempts = EXCLUDED.attempts,"
    " next_attempt_at = EXCLUDED.next_attempt_at, last_status = EXCLUDED.last_status,"
    " last_error = EXCLUDED.last_error";
// Of an event whose data is too large to be here: straight from the outbox.
constexpr char kParkWhole[] =
    "INSERT INTO threefactor.parked (event_id, trigger_id, state, attempts, next_attempt_at, last_status, last_error,"
    " definition_id, idempotency_key, event_xid, event_position, created_at, operation, table_schema, table_name,"
    " old_row, new_row, session_variables, trace_context, order_key)"
    " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, o.old_row, o.new_row,"
    " o.session_variables, o.trace_context, $20 FROM threefactor.outbox AS o WHERE o.xid = $10 AND o.position = $11"
    " ON CONFLICT (event_id, trigger_id) DO UPDATE SET state = EXCLUDED.state, attempts = EXCLUDED.attempts,"
    " next_attempt_at = EXCLUDED.next_attempt_at, last_status = EXCLUDED.last_status,"
    " last_error = EXCLUDED.last_error";
constexpr char kUpdate[] =
    "UPDATE threefactor.parked SET state = $3, attempts = $4, next_attempt_at = $5, last_status = $6, last_error = $7"
    " WHERE event_id = $1 AND trigger_id = $2";
constexpr char kRemove[] = "DELETE FROM threefactor.parked WHERE event_id = $1 AND trigger_id = $2";
constexpr char kLock[] =
    "SELECT FROM threefactor.parked WHERE event_id = $1 AND trigger_id = $2 FOR UPDATE SKIP LOCKED";
constexpr char kFind[] = "SELECT FROM threefactor.parked WHERE event_id = $1 AND trigger_id = $2";
constexpr char kBlock[] =
    "UPDATE threefactor.parked SET state = 'blocked', next_attempt_at = NULL WHERE event_id = $1 AND trigger_id = $2";
constexpr char kCheckpoint[] =
    "INSERT INTO threefactor.checkpoint (sequence, state) VALUES ($1, $2)"
    " ON CONFLICT (sequence) DO UPDATE SET state = EXCLUDED.state, written_at = clock_timestamp()";

constexpr Oid kParkTypes[] = {UUIDOID, INT4OID, TEXTOID, INT4OID, TIMESTAMPTZOID, INT4OID, TEXTOID,
                              INT4OID, UUIDOID, XID8OID, INT8OID, TIMESTAMPTZOID, TEXTOID, TEXTOID,
                              TEXTOID, JSONOID, JSONOID, JSONOID, JSONOID,        INT8OID};
constexpr Oid kCheckpointTypes[] = {INT8OID, TEXTOID};
constexpr int kParkArguments = 20;
constexpr int kUpdateArguments = 7;  // the first of kPark's
constexpr int kRemoveArguments = 2;  // likewise

}  // namespace

// Datums of one row, one after the other.
struct Journal::Values {
  Datum datums[kParkArguments];
  bool nulls[kParkArguments];
  char null_marks[kParkArguments];  // as SPI wants them
  int count;

  void Add(Datum datum) { Put(datum, false); }
  void AddNull() { Put(0, true); }
  void AddText(std::string_view text) { Add(pg::ServerText(text)); }
  void AddOptional(const OptionalText& text) { text ? AddText(*text) : AddNull(); }
  void AddUuid(const UuidBytes& uuid) {
    auto* copy = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
    memcpy(copy->data, uuid.data(), UUID_LEN);
    Add(UUIDPGetDatum(copy));
  }
  void AddStatus(int status) { status ? Add(Int32GetDatum(status)) : AddNull(); }
  void AddXid(uint64 xid) { Add(FullTransactionIdGetDatum(FullTransactionIdFromU64(xid))); }

 private:
  void Put(Datum datum, bool null) {
    datums[count] = datum;
    nulls[count] = null;
    null_marks[count++] = null ? 'n' : ' ';
  }
};

namespace {

using Values = Journal::Values;

void FillAttempt(Values& values, const Attempt& attempt, int partition, int64 sequence) {
  const Delivery& delivery = attempt.delivery;
  values.count = 0;
  values.Add(Int16GetDatum(static_cast<int16>(partition)));
  values.Add(Int64GetDatum(sequence));
  values.AddXid(delivery.event->order.xid);
  values.Add(Int64GetDatum(delivery.event->order.position));
  values.AddUuid(delivery.event->id);
  values.Add(Int32GetDatum(delivery.trigger_id));
  values.AddUuid(delivery.key);
  values.Add(Int32GetDatum(delivery.attempts + 1));
  values.AddText(OutcomeName(attempt.outcome));
  values.Add(TimestampTzGetDatum(attempt.started_at));
  values.Add(Float4GetDatum(static_cast<float>(attempt.duration)));
  values.AddStatus(attempt.status);
  attempt.status ? values.AddText(attempt.response) : values.AddNull();
  attempt.error.empty() ? values.AddNull() : values.AddText(attempt.error);
}

void FillParked(Values& values, const Attempt& attempt, int attempts) {
  const Delivery& delivery = attempt.delivery;
  const Event& event = *delivery.event;
  values.count = 0;
  values.AddUuid(event.id);
  values.Add(Int32GetDatum(delivery.trigger_id));
  values.AddText(OutcomeName(attempt.outcome));
  values.Add(Int32GetDatum(attempts));
  attempt.outcome == Outcome::kRetrying ? values.Add(TimestampTzGetDatum(attempt.next_attempt_at)) : values.AddNull();
  values.AddStatus(attempt.status);
  attempt.error.empty() ? values.AddNull() : values.AddText(attempt.error);
  if (delivery.parked) return;  // the rest is there
  values.Add(Int32GetDatum(delivery.definition_id));
  values.AddUuid(delivery.key);
  values.AddXid(event.order.xid);
  values.Add(Int64GetDatum(event.order.position));
  values.Add(TimestampTzGetDatum(event.created_at));
  values.AddText(event.operation);
  values.AddOptional(event.table_schema);
  values.AddOptional(event.table_name);
  values.AddOptional(event.old_row);
  values.AddOptional(event.new_row);
  values.AddOptional(event.session_variables);
  values.AddOptional(event.trace_context);
  delivery.order_key != 0 ? values.Add(Int64GetDatum(static_cast<int64>(delivery.order_key))) : values.AddNull();
}

SPIPlanPtr Prepare(const char* statement, int count, const Oid* types) {
  const SPIPlanPtr plan = SPI_prepare(statement, count, const_cast<Oid*>(types));
  if (!plan || SPI_keepplan(plan) != 0)
    elog(ERROR, "threefactor: cannot prepare '%s': %s", statement, SPI_result_code_string(SPI_result));
  return plan;
}

void Run(SPIPlanPtr plan, Values& values, int expected) {
  const int result = SPI_execute_plan(plan, values.datums, values.null_marks, false, 0);
  if (result != expected) elog(ERROR, "threefactor: journal: %s", SPI_result_code_string(result));
}

bool Finds(SPIPlanPtr& plan, const char* statement, Values& values) {
  if (!plan) plan = Prepare(statement, kRemoveArguments, kParkTypes);
  Run(plan, values, SPI_OK_SELECT);
  return SPI_processed > 0;
}

void Postpone(State& state, const std::vector<bool>& locked) {
  if (std::none_of(locked.begin(), locked.end(), [](bool is) { return is; })) return;
  std::vector<Attempt> free;
  for (std::size_t i = 0; i < state.finished.size(); i++)
    (locked[i] ? state.postponed : free).push_back(std::move(state.finished[i]));
  state.finished = std::move(free);
}

void TakeOut(State& state) {
  for (const Attempt& attempt : state.finished) {
    Queue& queue = state.queues.at(attempt.delivery.trigger_id);
    if (attempt.delivery.parked)
      queue.loaded.erase(attempt.delivery.event->id);
    else
      queue.unsettled.erase(attempt.delivery.event->order);
    if (attempt.outcome == Outcome::kRetrying) queue.next_due = std::min(queue.next_due, attempt.next_attempt_at);
    SettledInOrder(state, attempt);
  }
}

}  // namespace

std::vector<Attempt> Journal::Settle(State& state, bool checkpoint) {
  std::string text;
  pg::RunTransaction("settle attempts", [&] { Write(state, checkpoint, &text); });
  TakeOut(state);
  state.sequence += static_cast<std::int64_t>(state.finished.size());
  return std::exchange(state.finished, {});
}

void Journal::SetAside(State& state, std::vector<Delivery> deliveries) {
  std::vector<Attempt> rows;
  for (Delivery& delivery : deliveries) {
    Queue& queue = state.queues.at(delivery.trigger_id);
    Attempt& row = rows.emplace_back();
    if (queue.order != Order::kNone && delivery.order_key != 0) {
      row.outcome = Outcome::kBlocked;
    } else {
      row.outcome = Outcome::kRetrying;
      row.next_attempt_at = std::min(delivery.event->created_at, GetCurrentTimestamp());  // the clock may have been set
      queue.next_due = std::min(queue.next_due, row.next_attempt_at);
    }
    row.delivery = std::move(delivery);
  }
  ForgetPassed(state);
  const std::string text = Format(TakeCheckpoint(state));
  pg::RunTransaction("set events aside", [&] {
    SPI_connect();
    for (const Attempt& row : rows) PutAside(row);
    WriteCheckpoint(state.sequence, text);
    SPI_finish();
  });
  for (const Attempt& row : rows)
    if (row.outcome == Outcome::kBlocked) GotRow(state, row.delivery.trigger_id, row.delivery.order_key);
}

void Journal::BeginAnew(const std::vector<Checkpoint>& checkpoints, std::int64_t base,
                        const std::function<void()>& with) {
  std::vector<std::string> texts;
  for (const Checkpoint& checkpoint : checkpoints) texts.push_back(Format(checkpoint));
  pg::RunTransaction("divide the work anew", [&] {
    SPI_connect();
    with();
    Execute("DELETE FROM threefactor.checkpoint", SPI_OK_DELETE);
    for (std::size_t i = 0; i < texts.size(); i++) WriteCheckpoint(FirstSequence(static_cast<int>(i)) + base, texts[i]);
    SPI_finish();
  });
}

// Postgres-side from here on: the frames own nothing that an error could leak.
void Journal::Write(State& state, bool checkpoint, std::string* text) {
  SPI_connect();
  FindLocked(state);
  Postpone(state, locked_);
  AppendAttempts(state);
  UpdateParked(state);
  WriteConsequences(state);
  if (checkpoint) {
    ForgetPassed(state);
    *text = Format(TakeCheckpoint(state));
    if (state.share.worker == 0 && checkpoints_ >= kMostCheckpoints) EmptyCheckpoints();
    WriteCheckpoint(state.sequence, *text);
  }
  SPI_finish();
}

// Whoever holds a parked row, for whatever reason, holds up the settlement of that one delivery, not of all.
void Journal::FindLocked(const State& state) {
  locked_.assign(state.finished.size(), false);
  for (std::size_t i = 0; i < state.finished.size(); i++) {
    const Attempt& attempt = state.finished[i];
    if (!attempt.delivery.parked) continue;
    Values values;
    FillParked(values, attempt, 0);
    locked_[i] = !Finds(lock_, kLock, values) && Finds(find_, kFind, values);
  }
}

// Straight into the table, many at a time: no plan to go wrong.
void Journal::AppendAttempts(const State& state) {
  if (state.finished.empty()) return;
  const outbox::Partition& partition = tables_.AttemptPartition(pg_atomic_read_u32(&slot_.attempt_partition));
  const Relation table = table_open(partition.table, RowExclusiveLock);
  EState* const executor = CreateExecutorState();
  ResultRelInfo* const result = makeNode(ResultRelInfo);
  InitResultRelInfo(result, table, 1, nullptr, 0);
  ExecOpenIndices(result, false);
  const BulkInsertState bulk = GetBulkInsertState();
  TupleTableSlot* slots[kAttemptsAtOnce];
  for (TupleTableSlot*& slot : slots) slot = table_slot_create(table, nullptr);

  const std::size_t total = state.finished.size();
  for (std::size_t begin = 0; begin < total; begin += kAttemptsAtOnce) {
    const int count = static_cast<int>(std::min<std::size_t>(kAttemptsAtOnce, total - begin));
    const MemoryContext caller = MemoryContextSwitchTo(GetPerTupleMemoryContext(executor));
    for (int i = 0; i < count; i++) {
      Values values;
      FillAttempt(values, state.finished[begin + i], partition.number, state.sequence + 1 + begin + i);
      ExecClearTuple(slots[i]);
      memcpy(slots[i]->tts_values, values.datums, sizeof(Datum) * values.count);
      memcpy(slots[i]->tts_isnull, values.nulls, sizeof(bool) * values.count);
      ExecStoreVirtualTuple(slots[i]);
    }
    table_multi_insert(table, slots, count, GetCurrentCommandId(true), 0, bulk);
    for (int i = 0; i < count; i++) pg::InsertIndexTuples(result, slots[i], executor);
    MemoryContextSwitchTo(caller);
    ResetPerTupleExprContext(executor);
  }

  for (TupleTableSlot* slot : slots) ExecDropSingleTupleTableSlot(slot);
  FreeBulkInsertState(bulk);
  table_finish_bulk_insert(table, 0);
  ExecCloseIndices(result);
  FreeExecutorState(executor);
  table_close(table, NoLock);
}

void Journal::UpdateParked(const State& state) {
  for (const Attempt& attempt : state.finished) {
    const bool failed = attempt.outcome == Outcome::kRetrying || attempt.outcome == Outcome::kDead;
    if (!failed && !attempt.delivery.parked) continue;
    Values values;
    FillParked(values, attempt, attempt.delivery.attempts + 1);
    if (!failed) {
      if (!remove_) remove_ = Prepare(kRemove, kRemoveArguments, kParkTypes);
      Run(remove_, values, SPI_OK_DELETE);
    } else if (attempt.delivery.parked) {
      if (!update_) update_ = Prepare(kUpdate, kUpdateArguments, kParkTypes);
      Run(update_, values, SPI_OK_UPDATE);
    } else {
      Park(attempt, values);
    }
  }
}

void Journal::Park(const Attempt& attempt, Values& values) {
  if (!attempt.delivery.event->problem.empty() && ParkWhole(values)) return;
  if (!park_) park_ = Prepare(kPark, kParkArguments, kParkTypes);
  Run(park_, values, SPI_OK_INSERT);
}

// False: it cannot be copied, for want of memory, say; no reason to do nothing else for ever.
bool Journal::ParkWhole(Values& values) {
  if (!park_whole_) park_whole_ = Prepare(kParkWhole, kParkArguments, kParkTypes);
  const MemoryContext context = CurrentMemoryContext;
  const ResourceOwner owner = CurrentResourceOwner;
  volatile bool done = false;
  BeginInternalSubTransaction(nullptr);
  MemoryContextSwitchTo(context);
  PG_TRY();
  {
    Run(park_whole_, values, SPI_OK_INSERT);
    done = SPI_processed > 0;
    ReleaseCurrentSubTransaction();
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    ErrorData* const error = CopyErrorData();
    FlushErrorState();
    RollbackAndReleaseCurrentSubTransaction();
    if (error->sqlerrcode == ERRCODE_DISK_FULL) ReThrowError(error);
    ereport(WARNING,
            errmsg("threefactor: the data of an event cannot be kept with its dead letter: %s", error->message));
    FreeErrorData(error);
  }
  PG_END_TRY();
  MemoryContextSwitchTo(context);
  CurrentResourceOwner = owner;
  return done;
}

void Journal::PutAside(const Attempt& row) {
  Values values;
  FillParked(values, row, row.delivery.attempts);
  if (!row.delivery.parked) {
    Park(row, values);
  } else if (row.outcome == Outcome::kBlocked) {
    if (!block_) block_ = Prepare(kBlock, kRemoveArguments, kParkTypes);
    Run(block_, values, SPI_OK_UPDATE);
  }
}

void Journal::WriteCheckpoint(int64 sequence, const std::string& text) {
  if (!checkpoint_) checkpoint_ = Prepare(kCheckpoint, 2, kCheckpointTypes);
  Values values;
  values.count = 0;
  values.Add(Int64GetDatum(sequence));
  values.AddText(text);
  Run(checkpoint_, values, SPI_OK_INSERT);
  checkpoints_++;
}

// All but the newest of each worker. Whoever reads the table now makes us wait for the next time, not the other way
// round.
void Journal::EmptyCheckpoints() {
  if (!ConditionalLockRelationOid(tables_.checkpoint, AccessExclusiveLock)) return;
  Execute(
      "SELECT DISTINCT ON (sequence >> 48) sequence, state FROM threefactor.checkpoint"
      " ORDER BY sequence >> 48, sequence DESC",
      SPI_OK_SELECT);
  Values newest[shared::kMostWorkers];  // whole, not where TRUNCATE cuts it off
  const int count = static_cast<int>(Min(SPI_processed, static_cast<uint64>(shared::kMostWorkers)));
  for (int i = 0; i < count; i++) {
    bool null;
    const HeapTuple row = SPI_tuptable->vals[i];
    newest[i].count = 0;
    newest[i].Add(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &null));
    newest[i].Add(PointerGetDatum(PG_DETOAST_DATUM_COPY(SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &null))));
  }
  Execute("TRUNCATE threefactor.checkpoint", SPI_OK_UTILITY);
  if (!checkpoint_) checkpoint_ = Prepare(kCheckpoint, 2, kCheckpointTypes);
  for (int i = 0; i < count; i++) Run(checkpoint_, newest[i], SPI_OK_INSERT);
  checkpoints_ = 0;
}

}  // namespace threefactor::delivery
