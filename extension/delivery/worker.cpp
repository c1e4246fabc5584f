#include "pg/prelude.hpp"

#include "delivery/worker.hpp"

#include <stdlib.h>

#include <algorithm>
#include <iterator>

#include "attempt/failure.hpp"
#include "delivery/blocked.hpp"
#include "delivery/definitions.hpp"
#include "delivery/moving.hpp"
#include "delivery/park_old.hpp"
#include "delivery/parked.hpp"
#include "delivery/recovery.hpp"
#include "pg/transaction.hpp"
#include "queue/key_order.hpp"
#include "settings/settings.hpp"
#include "signal/doorbell.hpp"

extern "C" {
#include <catalog/pg_db_role_setting.h>
#include <mb/pg_wchar.h>
#include <pgstat.h>
#include <storage/pmsignal.h>
#include <utils/wait_event.h>
}

namespace threefactor::delivery {

namespace {

constexpr Time kSweepInterval = kSecond;  // for a commit whose ring was lost
constexpr Time kCheckpointInterval = kSecond;
constexpr Time kRotationInterval = kSecond;
constexpr Time kShortenInterval = kSecond;
constexpr std::size_t kSettleAtOnce = 512;
constexpr Time kSettleAfter = 3 * kMillisecond;  // a finished attempt waits no longer for others
constexpr Time kSettlementsApart = 4;            // but as long as so many settlements take
constexpr Time kWakesApart = kMillisecond;       // once commits have followed each other as fast a few times
constexpr int kWakesUnpaced = 4;
constexpr Time kStandbyInterval = 2 * kMillisecond;  // between two looks at what standbys have confirmed
constexpr std::size_t kMostResponse = 1 << 20;
constexpr Time kTurn = 10 * kSecond;     // of a database, where others wait for a process
constexpr Time kIdleTurn = 2 * kSecond;  // likewise, with nothing to do

std::size_t MostMemory() {
  return static_cast<std::size_t>(settings::worker_memory) << 20;
}

// Of the server, and of the database (ALTER DATABASE ... SET).
void ReadSettings() {
  ProcessConfigFile(PGC_SIGHUP);
  const Relation stored = table_open(DbRoleSettingRelationId, AccessShareLock);
  ApplySetting(GetActiveSnapshot(), MyDatabaseId, InvalidOid, stored, PGC_S_DATABASE);
  table_close(stored, AccessShareLock);
}

}  // namespace

Worker::Worker(shared::DatabaseSlot& slot, int number)
    : slot_(slot),
      journal_(slot, tables_),
      claimer_(slot, state_, definitions_, tables_),
      rotation_(slot, state_, tables_),
      disk_space_(slot, state_.share),
      meter_(slot, state_, definitions_, tables_),
      schedules_(slot),
      environment_("", getenv),
      random_(std::random_device{}()) {
  state_.share.worker = number;
}

void Worker::Run() {
  if (!Start()) return;
  for (;;) {
    const Time now = GetCurrentTimestamp();
    if (now < looked_at_) BeginIntervals(now);
    looked_at_ = now;
    WakeUp(now);
    if (ConfigReloadPending) Configure();
    if (IsFirst()) MakeRoomForOthers(now);
    if (!Delivers()) TakeBack(now);
    Sweep(now);
    if (IsFirst() && !Paced(now)) AnnounceChanges(now);
    ReloadWhatChanged(now);
    Receive();
    Apply();
    RestWhenCopied();
    SayWhetherWanted();
    if (Delivers()) {
      if (IsFirst()) (void)disk_space_.Try(now, [&] { schedules_.Fire(now); });
      ShareMemory(state_, MostMemory());
      LoadDue(state_, now);
      Claim();
      if (claimer_.ExtensionGone()) return;
      ArchiveDropped(state_, now);
      Post(now);
    }
    SettleWhenDue(now);
    if (Delivers()) KeepOrder(now);
    if (!RotateWhenDue(now)) return;
    meter_.ReportWhenDue(now, [&](const auto& visit) {
      for (const auto& [id, delivery] : posted_) visit(delivery);
      for (const auto& [id, answered] : applying_) visit(answered.delivery);
    });
    WaitForSomething(now);
  }
}

// The clock was set back: what is due after an interval would wait until it is there again.
void Worker::BeginIntervals(Time now) {
  swept_at_ = checkpointed_at_ = settled_at_ = rotated_at_ = paced_until_ = 0;
  if (finished_since_ != kNever) finished_since_ = now;
}

bool Worker::Start() {
  pg::RunTransaction("find tables", [&] { FindTables(slot_, &tables_); });
  if (tables_.outbox == InvalidOid) return false;
  pg::Guarded([&] {
    for (WaitEventSet** set : {&wakers_, &wakers_but_latch_}) {
      *set = pg::CreateLastingWaitEventSet(3);
      AddWaitEventToSet(*set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, nullptr, nullptr);
      AddWaitEventToSet(*set, WL_SOCKET_READABLE, http_.ReadyFd(), nullptr, nullptr);
    }
    AddWaitEventToSet(wakers_, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, nullptr);
  });
  ascii_only_ = GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII;
  Configure();
  definitions_generation_ = pg_atomic_read_u32(&slot_.definitions);
  parked_generation_ = pg_atomic_read_u32(&slot_.parked);
  definitions_ = LoadDefinitions();
  endpoints_.Update(definitions_);
  if (definitions_.copied)
    pg::Guarded([] {
      ereport(
          LOG,
          errmsg("threefactor: database %u is a copy of another one, or set aside: nothing is delivered", MyDatabaseId),
          errhint("If it shall call webhooks, run SELECT threefactor.adopt() in it."));
    });
  TakeShare();
  if (definitions_.to_set_aside && IsAlone()) {
    SetAllAside(journal_);
    definitions_ = LoadDefinitions();
  }
  Recover(state_, definitions_, tables_);
  checkpointed_sequence_ = 0;  // until the first of our own
  pinned_generation_ = pg_atomic_read_u32(&slot_.pinned);
  if (IsFirst()) {
    FindAttemptPartition();
    if (slot_.worker_count != state_.share.workers) shared::SetWorkerCount(slot_, state_.share.workers);
  }
  meter_.LogStart();
  return true;
}

// Worker 0 divides the work anew when threefactor.workers has changed; for that it must be alone.
void Worker::TakeShare() {
  state_.share.workers = RecordedWorkers();
  if (!IsFirst() || state_.share.workers == settings::workers) return;
  if (slot_.worker_count > 1) StartOver();
  Redivide(settings::workers, definitions_, tables_, journal_);
  state_.share.workers = settings::workers;
}

// No other worker runs before this one has said how many shall.
bool Worker::IsAlone() const {
  return IsFirst() && slot_.worker_count == 1;
}

// The launcher ends the others before it starts this one again.
void Worker::StartOver() {
  shared::SetWorkerCount(slot_, 1);
  pg::Guarded([] { proc_exit(0); });
}

// The server has fewer background worker slots than databases with the extension: they take turns. What is in flight is
// waited for, so that nothing is repeated.
void Worker::MakeRoomForOthers(Time now) {
  if (started_at_ == 0 || now < started_at_) started_at_ = now;
  if (pg_atomic_read_u32(&shared::State().lacking) == 0)
    leaving_ = false;
  else if (now - started_at_ >= (IsIdle(now) ? kIdleTurn : kTurn))
    leaving_ = true;
  if (leaving_ && state_.in_flight == 0 && state_.finished.empty() && state_.postponed.empty()) StartOver();
}

bool Worker::IsIdle(Time now) const {
  return !news_ && state_.in_flight == 0 && state_.finished.empty() && NextDue(state_) > now &&
         std::all_of(state_.queues.begin(), state_.queues.end(),
                     [](const auto& entry) { return Waiting(entry.second) == 0; });
}

// Where the newest attempts are; other workers ask the slot.
void Worker::FindAttemptPartition() {
  const int partition = NewestAttemptPartition();
  if (partition >= 0) pg_atomic_write_u32(&slot_.attempt_partition, static_cast<std::uint32_t>(partition));
}

void Worker::Configure() {
  if (ConfigReloadPending) {
    ConfigReloadPending = false;
    pg::RunTransaction("read settings", [] { ReadSettings(); });
    if (IsFirst() && settings::workers != state_.share.workers) StartOver();
  }
  environment_ = Environment(settings::environment_variables, getenv);
  HttpOptions options;
  options.connect_timeout = Milliseconds(settings::connect_timeout);
  options.keep = static_cast<std::size_t>(settings::max_response_size) * 1024;
  options.most = std::max(options.keep, kMostResponse);
  options.user_agent = "threefactor/" THREEFACTOR_VERSION;
  options.connections = settings::concurrency * 2;
  options.places = PlacesAhead(settings::concurrency);
  options.egress = {ParseNetworks(settings::allowed_networks), ParseNetworks(settings::denied_networks)};
  options.ca_file = settings::ca_file;
  options.proxy = settings::proxy;
  http_.Configure(options);
  consents_.SetOrigin(settings::webhook_origin);
}

bool Worker::Delivers() const {
  return settings::deliver && !definitions_.copied && disk_space_.IsThere() && !leaving_;
}

// A commit sets the latch. So: reset it, then look for what is new (Claim), then sleep. While commits follow each other
// fast it stays set for a while: they find it so, which costs them nothing, and are looked for together.
void Worker::WakeUp(Time now) {
  pg::Guarded([&] {
    if (!Paced(now)) {
      if (MyLatch->is_set) {
        news_ = true;
        woken_often_ = now - woken_at_ < 2 * kWakesApart ? woken_often_ + 1 : 0;
        woken_at_ = now;
        if (woken_often_ > kWakesUnpaced) paced_until_ = now + kWakesApart;
      }
      ResetLatch(MyLatch);
    }
    CHECK_FOR_INTERRUPTS();
    if (!PostmasterIsAlive()) proc_exit(1);
  });
}

bool Worker::Paced(Time now) const {
  return now < paced_until_;
}

// A commit before this wakes nobody: looked for at once.
void Worker::SayWhetherWanted() {
  const bool wanted = Delivers();
  if (pg_atomic_exchange_u32(&slot_.wants_events, wanted) == 0 && wanted) news_ = true;
}

// What is to be set aside is what the journals of all workers say, once nothing is in flight any more.
void Worker::RestWhenCopied() {
  const bool rests = definitions_.copied && posted_.empty() && applying_.empty() && state_.finished.empty() &&
                     state_.postponed.empty();
  if (rests != rests_) {
    rests_ = rests;
    const std::uint32_t own = 1u << state_.share.worker;
    rests ? pg_atomic_fetch_or_u32(&slot_.resting, own) : pg_atomic_fetch_and_u32(&slot_.resting, ~own);
    if (rests) shared::RingDoorbell(slot_);
  }
  if (!IsFirst() || !definitions_.to_set_aside) return;
  const std::uint32_t all = (1u << slot_.worker_count) - 1;
  if ((pg_atomic_read_u32(&slot_.resting) & all) == all) StartOver();
}

void Worker::Sweep(Time now) {
  if (now - swept_at_ < kSweepInterval) return;
  swept_at_ = now;
  news_ = true;
  std::move(state_.postponed.begin(), state_.postponed.end(), std::back_inserter(state_.finished));
  state_.postponed.clear();
}

// Losing a NOTIFY is harmless: whoever waits asks anyway after a while. So is one that fails (a full queue).
void Worker::AnnounceChanges(Time now) {
  if (now < announce_after_ || !signal::WatchersWait(slot_, announced_change_)) return;
  try {
    pg::RunTransaction("announce changes", [&] {
      (void)set_config_option("synchronous_commit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0,
                              false);
      signal::NotifyWatchers(slot_, &announced_change_);
    });
  } catch (const pg::PostgresError& error) {
    announce_after_ = now + kSweepInterval;
    pg::Guarded([&] { ereport(LOG, errmsg("threefactor: change signals are not announced: %s", error.what())); });
  }
}

void Worker::ReloadWhatChanged(Time now) {
  const std::uint32_t generation = pg_atomic_read_u32(&slot_.definitions);
  const std::int32_t missing = claimer_.MissingDefinition();
  if (generation != definitions_generation_ || claimer_.DefinitionMissing()) {
    TakeBack(now);
    Definitions loaded = LoadDefinitions();
    loaded.unknown = std::move(definitions_.unknown);
    if (missing != 0 && !loaded.definitions.contains(missing)) loaded.unknown.insert(missing);
    definitions_ = std::move(loaded);
    definitions_generation_ = generation;
    claimer_.ForgetMissing();
    endpoints_.Update(definitions_);
    UpdateQueues(state_, definitions_);
    parked_generation_ = 0;  // blocked deliveries may have become due
  }
  const std::uint32_t parked = pg_atomic_read_u32(&slot_.parked);
  if (parked != parked_generation_) {
    parked_generation_ = parked;
    LookForBlocked(state_, false);
    LookForDue(state_, definitions_);
  }
}

void Worker::Claim() {
  if (claimer_.TablesChanged()) pg::RunTransaction("find tables", [&] { FindTables(slot_, &tables_); });
  if (claimer_.Wanted(news_)) claimer_.Run(&news_);
}

// What is ahead and has not begun goes by what is in force now.
void Worker::TakeBack(Time now) {
  for (const std::uint64_t id : http_.TakeBack())
    PutBack(state_, std::move(posted_.extract(id).mapped()), endpoints_, now);
}

void Worker::Post(Time now) {
  const auto send = [this](HttpRequest request) { http_.Start(std::move(request)); };
  ReleaseDue(state_, now);
  while (std::optional<Delivery> delivery = TakeNext(state_, settings::concurrency, endpoints_, now)) {
    try {
      HttpRequest request = MakeRequest(*delivery, definitions_, environment_, now);
      request.id = ++last_request_;
      request.ahead = delivery->ahead;
      consents_.Pass(std::move(request), now, send);
      posted_.emplace(last_request_, std::move(*delivery));
    } catch (const std::exception& error) {  // CannotPost; and whatever else is wrong with it is its own fault
      Landed(state_, *delivery, std::nullopt, Effect::kNone, endpoints_, now);
      state_.finished.push_back(Refused(std::move(*delivery), error.what(), now));
    }
  }
  http_.Submit();
}

void Worker::Receive() {
  answers_.clear();
  begun_.clear();
  http_.Take(answers_, begun_);
  for (const std::uint64_t id : begun_)
    if (const auto posted = posted_.find(id); posted != posted_.end()) Begun(state_, posted->second);
  const Time now = GetCurrentTimestamp();
  for (const Consent& consent : consents_.Take(answers_, now)) Obey(consent, now);
  for (HttpAnswer& answer : answers_) {
    auto node = posted_.extract(answer.id);
    Delivery& delivery = node.mapped();
    LeaveEndpoint(state_, delivery, EffectOf(RuleOf(delivery.trigger_id), answer.status), endpoints_, now);
    if (!apply::IsToBeApplied(delivery, answer, definitions_))
      Finish(std::move(delivery), answer, "");
    else if (const std::string unfit = apply::Unfit(delivery, answer); !unfit.empty())
      Finish(std::move(delivery), answer, unfit);
    else {
      appliers_.Add(apply::MakeTask(delivery, answer, definitions_));
      const std::uint64_t id = answer.id;
      applying_.emplace(id, Answered{std::move(delivery), std::move(answer), now});
    }
  }
  http_.Submit();
}

// Its rate counts for what has waited for it, too.
void Worker::Obey(const Consent& consent, Time now) {
  for (auto id = consent.held.rbegin(); id != consent.held.rend(); ++id) {
    Delivery delivery = std::move(posted_.extract(*id).mapped());
    endpoints_.Allow(delivery.endpoint, consent.rate);
    PutBack(state_, std::move(delivery), endpoints_, now);
  }
}

void Worker::Apply() {
  std::vector<apply::Result> results;
  const Time now = GetCurrentTimestamp();
  appliers_.Tend(now, results);
  for (const apply::Result& result : results) {
    auto node = applying_.extract(result.id);
    Answered& answered = node.mapped();
    answered.answer.duration += static_cast<double>(now - answered.at) / kMillisecond;
    Finish(std::move(answered.delivery), answered.answer, result.error);
  }
}

void Worker::Finish(Delivery delivery, const HttpAnswer& answer, std::string_view apply_error) {
  std::uniform_real_distribution<double> chance(0, 1);
  EndFlight(state_, delivery, answer.duration);
  const JudgeContext context{RuleOf(delivery.trigger_id),
                             GetCurrentTimestamp(),
                             chance(random_),
                             static_cast<std::size_t>(settings::max_response_size) * 1024,
                             ascii_only_,
                             apply_error};
  state_.finished.push_back(Judge(std::move(delivery), answer, context));
}

// Of the current definition; an event trigger dropped while its request was in flight has the default rule.
const RetryRule& Worker::RuleOf(std::int32_t trigger_id) const {
  static const RetryRule kDefault;
  const auto trigger = definitions_.triggers.find(trigger_id);
  if (trigger == definitions_.triggers.end()) return kDefault;
  return definitions_.definitions.at(trigger->second.definition_id).retry;
}

void Worker::SettleWhenDue(Time now) {
  if (!disk_space_.IsThere()) {
    if (disk_space_.IsToTry(now)) Settle(now, true);
    return;
  }
  const bool checkpoint_due = now - checkpointed_at_ >= kCheckpointInterval;
  if (state_.finished.empty()) {
    // One last checkpoint after the last attempt, so that these can be rotated away.
    if (checkpoint_due && state_.sequence != checkpointed_sequence_) Settle(now, true);
    return;
  }
  if (finished_since_ == kNever) finished_since_ = now;
  if (state_.finished.size() >= kSettleAtOnce || now >= SettlementDue()) Settle(now, checkpoint_due);
}

// Of what has finished.
Time Worker::SettlementDue() const {
  const Time together = finished_since_ + SettlePause();
  if (state_.in_flight > 0) return together;
  // With nothing to wait for there is no reason to be late, unless others follow each other fast.
  return std::min(together, state_.by_position ? finished_since_ : settled_at_ + SettlePause());
}

// What is settled lets others of its key go.
void Worker::KeepOrder(Time now) {
  if (now - shortened_at_ >= kShortenInterval) {
    shortened_at_ = now;
    ShortenLines(state_, now);
  }
  if (BehindIsDue(state_, now)) {
    SetBehindAside(state_, journal_);
    checkpointed_sequence_ = state_.sequence;
  }
  while (LoadBlocked(state_)) continue;
  Post(now);
}

Time Worker::SettlePause() const {
  return std::max(kSettleAfter, kSettlementsApart * settlement_took_);
}

void Worker::Settle(Time now, bool checkpoint) {
  const Time begin = GetCurrentTimestamp();
  const std::int64_t sequence = state_.sequence;
  ReportFailures(state_.finished, definitions_, outbox::MostEventBytes());
  if (!disk_space_.Try(now, [&] { meter_.Count(journal_.Settle(state_, checkpoint)); })) return;
  disk_space_.Found(now);
  ShareMemory(state_, MostMemory());                                               // there may be room for more
  settlement_took_ = std::clamp<Time>(GetCurrentTimestamp() - begin, 0, kSecond);  // the clock may have been set
  finished_since_ = kNever;
  settled_at_ = now;
  if (checkpoint) {
    checkpointed_at_ = now;
    checkpointed_sequence_ = sequence;
  }
  pg::Guarded([] { pgstat_report_stat(false); });
}

bool Worker::RotateWhenDue(Time now) {
  if (now - rotated_at_ < kRotationInterval) return true;
  rotated_at_ = now;
  bool there = true;
  if (IsFirst()) (void)disk_space_.Try(now, [&] { there = rotation_.Run(checkpointed_sequence_); });
  const std::uint32_t pinned = pg_atomic_read_u32(&slot_.pinned);
  if (there && pinned != pinned_generation_ && Delivers()) {
    pinned_generation_ = pinned;
    ParkOld(state_, definitions_, tables_, journal_);
    checkpointed_sequence_ = state_.sequence;
  }
  pg::Guarded([] { pgstat_report_stat(false); });
  return there;
}

void Worker::WaitForSomething(Time now) {
  if (claimer_.DefinitionMissing()) return;
  if (Delivers() && claimer_.Wanted(news_)) return;
  Time until = std::min(swept_at_ + kSweepInterval, rotated_at_ + kRotationInterval);
  if (Delivers()) {
    until = std::min({until, NextDue(state_), NextRelease(state_), BehindDueAt(state_)});
    if (IsFirst()) until = std::min(until, schedules_.Next());  // the others fire none
  }
  if (claimer_.WaitsForStandbys()) until = std::min(until, now + kStandbyInterval);
  if (finished_since_ != kNever && disk_space_.IsThere()) until = std::min(until, SettlementDue());
  const bool paced = Paced(GetCurrentTimestamp());
  if (paced) until = std::min(until, paced_until_);
  const Time pause = std::clamp<Time>(until - GetCurrentTimestamp(), 0, kSweepInterval);
  if (!http_.MayWait()) return;
  pg::Guarded([&] {
    WaitEvent event;
    (void)WaitEventSetWait(paced ? wakers_but_latch_ : wakers_,
                           static_cast<long>((pause + kMillisecond - 1) / kMillisecond), &event, 1, PG_WAIT_EXTENSION);
  });
}

}  // namespace threefactor::delivery
