#include "live/registry.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace threefactor::live {

struct Registry::Cohort {
  CohortId id = 0;
  std::shared_ptr<const sql::Compiled> compiled;
  Session session;
  Subscribers subscribers;
  Subscribers waiting;  // have been told nothing yet; some may have left (Subscriber::active)

  State state = State::kClean;
  bool dirty = false;  // marked while running
  Turn turn;           // kQueued
  Time rests_until;    // kResting
  Time started;        // the latest run
  int lost_in_a_row = 0;
  Update last;  // what all but `waiting` were told
};

namespace {

// The statement itself may be all right: try again without waiting for a change.
bool IsPassing(const Error& error) {
  return error.code() == code::kPostgresError || error.code() == code::kBusy || error.code() == "concurrent-update" ||
         error.code() == "postgres-max-connections-error";
}

bool SameUpdate(const Update& left, const Update& right) {
  if (left.data && right.data) return *left.data == *right.data;
  if (left.error && right.error)
    return left.error->code() == right.error->code() && left.error->message() == right.error->message();
  return false;
}

}  // namespace

Registry::Registry(RegistryOptions options) : options_(options) {}
Registry::~Registry() = default;

void Registry::SetTrusted(bool trusted) {
  if (!std::exchange(trusted_, trusted) && trusted) {
    for (const auto& resting : std::exchange(resting_, {})) {
      Cohort& cohort = *resting.second;
      if (cohort.lost_in_a_row > 0)
        Queue(cohort);
      else
        resting_.insert(resting);
    }
  }
}

Registry::Cohort& Registry::FindOrMake(std::shared_ptr<const sql::Compiled> compiled, Session session) {
  const auto found = by_key_.find(CohortKey{compiled.get(), &session});
  if (found != by_key_.end()) return *found->second;
  auto made = std::make_unique<Cohort>();
  Cohort& cohort = *made;
  cohort.id = next_cohort_++;
  cohort.compiled = std::move(compiled);
  cohort.session = std::move(session);
  by_key_.emplace(CohortKey{cohort.compiled.get(), &cohort.session}, &cohort);
  for (const schema::Oid relation : cohort.compiled->reads) by_relation_[relation].insert(&cohort);
  by_id_.emplace(cohort.id, std::move(made));
  return cohort;
}

std::optional<Update> Registry::Join(std::shared_ptr<Subscriber> subscriber,
                                     std::shared_ptr<const sql::Compiled> compiled, Session session, Time now) {
  Cohort& cohort = FindOrMake(std::move(compiled), std::move(session));
  places_.emplace(subscriber->id, Place{&cohort, cohort.subscribers.size()});
  cohort.subscribers.push_back(subscriber);
  if (cohort.state == State::kClean && cohort.last.data && trusted_) return cohort.last;
  cohort.waiting.push_back(std::move(subscriber));
  // A run that is in flight answers the newcomer too: its snapshot is later than the cohort's registration. Only
  // without signals may it be too old.
  if (cohort.state != State::kRunning || !trusted_) MarkDirty(cohort, now);
  return std::nullopt;
}

std::optional<Registry::CohortId> Registry::Leave(Engine::SubscriptionId id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  const Place place = found->second;
  places_.erase(found);
  Cohort& cohort = *place.cohort;
  if (place.index + 1 < cohort.subscribers.size()) {
    cohort.subscribers[place.index] = std::move(cohort.subscribers.back());
    places_.at(cohort.subscribers[place.index]->id).index = place.index;
  }
  cohort.subscribers.pop_back();
  if (!cohort.subscribers.empty()) return std::nullopt;

  const CohortId cohort_id = cohort.id;
  const bool was_running = cohort.state == State::kRunning;
  Remove(cohort);
  return was_running ? std::optional(cohort_id) : std::nullopt;
}

void Registry::Remove(Cohort& cohort) {
  if (cohort.state == State::kQueued) queue_.erase(cohort.turn);
  if (cohort.state == State::kResting) resting_.erase({cohort.rests_until, &cohort});
  if (cohort.state == State::kRunning) --running_;
  for (const schema::Oid relation : cohort.compiled->reads) {
    const auto watched = by_relation_.find(relation);
    watched->second.erase(&cohort);
    if (watched->second.empty()) by_relation_.erase(watched);
  }
  by_key_.erase(CohortKey{cohort.compiled.get(), &cohort.session});
  by_id_.erase(cohort.id);
}

void Registry::Mark(const Signal& signal, Time now) {
  if (signal.everything || signal.schema) return MarkAll(now);
  ++round_;
  const auto mark = [&](schema::Oid relation) {
    const auto watched = by_relation_.find(relation);
    if (watched == by_relation_.end()) return;
    for (Cohort* cohort : watched->second) MarkDirty(*cohort, now);
  };
  for (const schema::Oid relation : signal.relations) mark(relation);
  if (!signal.relations.empty()) mark(schema::kAnyRelation);
}

void Registry::MarkAll(Time now) {
  ++round_;
  for (const auto& [id, cohort] : by_id_) MarkDirty(*cohort, now);
}

void Registry::MarkDirty(Cohort& cohort, Time now) {
  if (cohort.state == State::kRunning) cohort.dirty = true;
  if (cohort.state == State::kClean) RunAt(cohort, WhenAllowed(cohort, now), now);
}

Time Registry::WhenAllowed(const Cohort& cohort, Time now) const {
  return cohort.started == Time() ? now : std::max(now, cohort.started + options_.minimum_interval);
}

void Registry::RunAt(Cohort& cohort, Time when, Time now) {
  if (when <= now) return Queue(cohort);
  cohort.state = State::kResting;
  cohort.rests_until = when;
  resting_.emplace(when, &cohort);
}

void Registry::Queue(Cohort& cohort) {
  cohort.state = State::kQueued;
  cohort.turn = Turn(round_, -static_cast<std::int64_t>(cohort.subscribers.size()), next_turn_++);
  queue_.emplace(cohort.turn, &cohort);
}

std::optional<Registry::Run> Registry::Next(Time now) {
  while (!resting_.empty() && resting_.begin()->first <= now) {
    Cohort& rested = *resting_.begin()->second;
    resting_.erase(resting_.begin());
    Queue(rested);
  }
  if (queue_.empty() || running_ >= options_.concurrency) return std::nullopt;
  Cohort& cohort = *queue_.begin()->second;
  queue_.erase(queue_.begin());
  ++running_;
  cohort.state = State::kRunning;
  cohort.dirty = false;
  cohort.started = now;
  return Run{cohort.id, cohort.compiled, cohort.session};
}

std::optional<Time> Registry::WakeAt() const {
  if (resting_.empty()) return std::nullopt;
  return resting_.begin()->first;
}

bool Registry::IsRunning(CohortId id) const {
  const auto found = by_id_.find(id);
  return found != by_id_.end() && found->second->state == State::kRunning;
}

Registry::Delivery Registry::Finish(CohortId id, execute::Outcome outcome, Time now) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return {};
  Cohort& cohort = *found->second;
  --running_;
  cohort.state = State::kClean;

  Delivery delivery;
  if (auto* error = std::get_if<Error>(&outcome)) {
    delivery.update.error = std::make_shared<const Error>(std::move(*error));
    if (IsPassing(*delivery.update.error)) {
      const int doublings = std::min(cohort.lost_in_a_row++, 10);
      const auto delay = std::min(options_.first_retry * (1 << doublings), options_.longest_retry);
      RunAt(cohort, now + delay, now);
      if (cohort.lost_in_a_row == 1) return {};  // the first retry usually heals it
    }
  } else {
    cohort.lost_in_a_row = 0;
    delivery.update.data = std::make_shared<const std::string>(std::move(std::get<std::string>(outcome)));
  }
  if (cohort.state == State::kClean && cohort.dirty) RunAt(cohort, WhenAllowed(cohort, now), now);

  if (SameUpdate(delivery.update, cohort.last)) {
    delivery.update = cohort.last;  // one text in memory, also when newcomers were waiting
    delivery.to = std::move(cohort.waiting);
  } else {
    cohort.last = delivery.update;
    delivery.to = cohort.subscribers;
  }
  cohort.waiting.clear();
  return delivery;
}

}  // namespace threefactor::live
