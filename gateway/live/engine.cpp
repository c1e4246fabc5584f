#include "live/engine.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "live/listener.hpp"
#include "live/registry.hpp"
#include "loop/mutex.hpp"
#include "postgres/error.hpp"
#include "postgres/failure_log.hpp"

namespace threefactor::live {

namespace {

// One posted task per loop, however many subscribers it has.
void PostPushes(const Registry::Delivery& delivery) {
  std::vector<std::pair<Loop*, Subscribers>> by_loop;
  for (const auto& subscriber : delivery.to) {
    auto group =
        std::find_if(by_loop.begin(), by_loop.end(), [&](const auto& each) { return each.first == subscriber->loop; });
    if (group == by_loop.end()) group = by_loop.insert(by_loop.end(), {subscriber->loop, {}});
    group->second.push_back(subscriber);
  }
  for (auto& [loop, subscribers] : by_loop) {
    loop->Post([update = delivery.update, group = std::move(subscribers)] {
      for (const auto& subscriber : group)
        if (subscriber->active.load(std::memory_order_relaxed)) subscriber->push(update);
    });
  }
}

}  // namespace

struct Engine::Impl {
  Impl(Loop& home_loop, execute::Executor& its_executor, EngineOptions its_options, std::function<void()> on_schema,
       Heal its_heal)
      : home(home_loop),
        executor(its_executor),
        options(std::move(its_options)),
        schema_changed(std::move(on_schema)),
        heal(std::move(its_heal)),
        registry({.minimum_interval = std::chrono::milliseconds(options.minimum_interval_ms),
                  .concurrency = static_cast<std::size_t>(std::max(options.concurrency, 1))}) {}

  ~Impl() {
    for (const auto& [cohort, ticket] : in_flight) executor.Cancel(ticket);
    if (wake_timer) home.Cancel(*wake_timer);
    if (poll_timer) home.Cancel(*poll_timer);
  }

  // The whole path: a change marks cohorts ...
  void OnSignal(const Signal& signal) {
    registry.Mark(signal, Loop::Clock::now());
    if (signal.schema || signal.everything) schema_changed();
    RunDue();
  }

  // ... each marked cohort runs once, and its result goes to those who have not got it.
  void RunDue() {
    while (const auto run = registry.Next(Loop::Clock::now())) Execute(*run, heal != nullptr);
    WakeWhenRested();
  }

  // `may_heal`: this is not its second time.
  void Execute(const Registry::Run& run, bool may_heal) {
    in_flight[run.cohort] = executor.Run(run.compiled, run.session, [this, run, may_heal](execute::Outcome outcome) {
      in_flight.erase(run.cohort);
      const Error* error = std::get_if<Error>(&outcome);
      if (may_heal && error != nullptr && postgres::MayBeOutdated(error->sqlstate())) {
        return HealAndExecute(run, std::move(outcome));
      }
      if (error != nullptr) LogFailure(*error, {}, run.compiled->operation_name);
      End(run.cohort, std::move(outcome));
    });
  }

  // Meanwhile the cohort counts as running, and nobody hears of the error. A reload that finds a change has
  // subscriptions compiled again, so that most have left the cohort when it comes back.
  void HealAndExecute(const Registry::Run& run, execute::Outcome outcome) {
    heal([this, run, outcome = std::move(outcome), alive = std::weak_ptr<bool>(alive_flag)](bool has_changed) {
      if (alive.expired() || !registry.IsRunning(run.cohort)) return;
      if (has_changed) return Execute(run, false);
      LogFailure(std::get<Error>(outcome), {}, run.compiled->operation_name);
      End(run.cohort, outcome);
    });
  }

  void End(Registry::CohortId cohort, execute::Outcome outcome) {
    PostPushes(registry.Finish(cohort, std::move(outcome), Loop::Clock::now()));
    RunDue();
  }

  void WakeWhenRested() {
    if (wake_timer) home.Cancel(*wake_timer);
    wake_timer.reset();
    const auto wake_at = registry.WakeAt();
    if (!wake_at) return;
    wake_timer = home.After(std::chrono::ceil<std::chrono::milliseconds>(*wake_at - Loop::Clock::now()), [this] {
      wake_timer.reset();
      RunDue();
    });
  }

  void Join(std::shared_ptr<Subscriber> subscriber, std::shared_ptr<const sql::Compiled> compiled, Session session) {
    if (const auto update = registry.Join(subscriber, std::move(compiled), std::move(session), Loop::Clock::now()))
      PostPushes({*update, {std::move(subscriber)}});
    RunDue();
  }

  void Leave(SubscriptionId id) {
    if (const auto abandoned = registry.Leave(id)) {
      const auto running = in_flight.extract(*abandoned);
      if (!running.empty()) executor.Cancel(running.mapped());
    }
    RunDue();
  }

  // Where the signals come from: the listener, or while there is none that watches, the clock.
  void SetExtension(bool has_extension) {
    if (has_extension == (listener != nullptr)) return;
    if (has_extension) {
      listener = std::make_unique<Listener>(
          home, options.database_url, [this](bool watching) { SetTrusted(watching); },
          [this](const Signal& signal) { OnSignal(signal); });
    } else {
      listener.reset();
      SetTrusted(false);
    }
  }

  void SetTrusted(bool trusted) {
    registry.SetTrusted(trusted);
    if (trusted && poll_timer) {
      home.Cancel(*poll_timer);
      poll_timer.reset();
    }
    if (!trusted && !poll_timer) PollLater();
  }

  void PollLater() {
    poll_timer = home.After(std::chrono::milliseconds(std::max(options.poll_interval_ms, 1)), [this] {
      PollLater();
      Resync();
    });
  }

  void Resync() {
    registry.MarkAll(Loop::Clock::now());
    RunDue();
  }

  // On home, unless the engine has gone by then.
  template <typename Task>
  void PostHome(Task task) {
    home.Post([alive = std::weak_ptr<bool>(alive_flag), task = std::move(task)]() mutable {
      if (!alive.expired()) task();
    });
  }

  Loop& home;
  execute::Executor& executor;
  const EngineOptions options;
  const std::function<void()> schema_changed;
  const Heal heal;
  Registry registry;
  std::unordered_map<Registry::CohortId, execute::Executor::Ticket> in_flight;
  std::unique_ptr<Listener> listener;
  std::optional<Loop::TimerId> wake_timer;
  std::optional<Loop::TimerId> poll_timer;
  std::shared_ptr<bool> alive_flag = std::make_shared<bool>(true);

  // Used by all threads.
  Mutex mutex;
  std::unordered_map<SubscriptionId, std::shared_ptr<Subscriber>> subscribers GUARDED_BY(mutex);
  SubscriptionId next_id GUARDED_BY(mutex) = 1;
};

Engine::Engine(Loop& home, execute::Executor& executor, EngineOptions options, std::function<void()> schema_changed,
               Heal heal)
    : impl_(std::make_unique<Impl>(home, executor, std::move(options), std::move(schema_changed), std::move(heal))) {}

Engine::~Engine() = default;

void Engine::Start(bool has_extension) {
  impl_->SetTrusted(false);
  impl_->SetExtension(has_extension);
}

void Engine::ExtensionChanged(bool has_extension) {
  impl_->SetExtension(has_extension);
}

Engine::SubscriptionId Engine::Subscribe(std::shared_ptr<const sql::Compiled> compiled, Session session,
                                         Loop& subscriber_loop, Push push) {
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->loop = &subscriber_loop;
  subscriber->push = std::move(push);
  {
    const MutexLock lock(impl_->mutex);
    subscriber->id = impl_->next_id++;
    impl_->subscribers.emplace(subscriber->id, subscriber);
  }
  const SubscriptionId id = subscriber->id;
  impl_->PostHome([impl = impl_.get(), subscriber = std::move(subscriber), compiled = std::move(compiled),
                   session = std::move(session)]() mutable {
    impl->Join(std::move(subscriber), std::move(compiled), std::move(session));
  });
  return id;
}

void Engine::Unsubscribe(SubscriptionId id) {
  {
    const MutexLock lock(impl_->mutex);
    const auto found = impl_->subscribers.find(id);
    if (found == impl_->subscribers.end()) return;
    found->second->active.store(false, std::memory_order_relaxed);
    impl_->subscribers.erase(found);
  }
  impl_->PostHome([impl = impl_.get(), id] { impl->Leave(id); });
}

void Engine::Resync() {
  impl_->Resync();
}

}  // namespace threefactor::live
