// Cohorts: who watches what, which cohorts a change affects, when each runs, and who is told its result.
// Pure: no I/O and no clock of its own. States and races: live/README.md, "A cohort". Lives on the engine's home loop.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "live/cohort_key.hpp"
#include "live/engine.hpp"
#include "live/signal.hpp"

namespace threefactor::live {

using Time = std::chrono::steady_clock::time_point;

struct Subscriber {
  Engine::SubscriptionId id = 0;
  Loop* loop = nullptr;  // pushes happen on its thread
  Engine::Push push;
  std::atomic<bool> active = true;  // false: Unsubscribe was called
};
using Subscribers = std::vector<std::shared_ptr<Subscriber>>;

struct RegistryOptions {
  std::chrono::milliseconds minimum_interval{0};
  std::size_t concurrency = 4;
  std::chrono::milliseconds first_retry{500};  // after a lost connection; doubles with each failure in a row
  std::chrono::milliseconds longest_retry{8000};
};

class Registry {
 public:
  using CohortId = std::uint64_t;

  struct Run {
    CohortId cohort = 0;
    std::shared_ptr<const sql::Compiled> compiled;
    Session session;
  };
  struct Delivery {
    Update update;
    Subscribers to;  // empty: nobody needs it
  };

  explicit Registry(RegistryOptions options);
  ~Registry();

  // Whether a cohort that no signal has marked is known to be current. While false, a newcomer always causes a run.
  // When it becomes true the database has come back: what rests after a lost connection need not rest longer.
  void SetTrusted(bool trusted);

  // The update that the newcomer can be given at once, if there is one; else a run is on its way.
  std::optional<Update> Join(std::shared_ptr<Subscriber> subscriber, std::shared_ptr<const sql::Compiled> compiled,
                             Session session, Time now);
  // The cohort that has lost its last subscriber in the middle of a run, whose end need not be told to Finish.
  std::optional<CohortId> Leave(Engine::SubscriptionId id);

  void Mark(const Signal& signal, Time now);
  void MarkAll(Time now);

  std::optional<Run> Next(Time now);  // nullopt: nothing is due, or `concurrency` runs are in flight
  // When Next should be asked again although nothing else happens; nullopt: never.
  std::optional<Time> WakeAt() const;
  Delivery Finish(CohortId id, execute::Outcome outcome, Time now);
  bool IsRunning(CohortId id) const;  // false, too, when nobody watches it any more

  std::size_t cohorts() const { return by_id_.size(); }
  std::size_t subscribers() const { return places_.size(); }

 private:
  // Earlier signals first, then the most widely watched, then order of arrival.
  using Turn = std::tuple<std::uint64_t, std::int64_t, std::uint64_t>;
  enum class State { kClean, kQueued, kRunning, kResting };
  struct Cohort;
  struct Place {
    Cohort* cohort;
    std::size_t index;  // in Cohort::subscribers
  };

  Cohort& FindOrMake(std::shared_ptr<const sql::Compiled> compiled, Session session);
  void MarkDirty(Cohort& cohort, Time now);
  void RunAt(Cohort& cohort, Time when, Time now);
  void Queue(Cohort& cohort);
  void Remove(Cohort& cohort);
  Time WhenAllowed(const Cohort& cohort, Time now) const;

  const RegistryOptions options_;
  bool trusted_ = false;
  std::unordered_map<CohortId, std::unique_ptr<Cohort>> by_id_;
  std::unordered_map<CohortKey, Cohort*, CohortKeyHash, CohortKeyEqual> by_key_;
  std::unordered_map<schema::Oid, std::unordered_set<Cohort*>> by_relation_;
  std::unordered_map<Engine::SubscriptionId, Place> places_;
  std::map<Turn, Cohort*> queue_;
  std::set<std::pair<Time, Cohort*>> resting_;
  std::size_t running_ = 0;
  std::uint64_t round_ = 0;  // grows with each signal
  std::uint64_t next_turn_ = 0;
  CohortId next_cohort_ = 1;
};

}  // namespace threefactor::live
