#include "delivery/endpoints.hpp"

#include <algorithm>
#include <vector>

#include "pg/guard.hpp"
#include "pg/log.hpp"
#include "settings/settings.hpp"

namespace threefactor::delivery {

namespace {

constexpr char kName[] = "threefactor endpoints";
constexpr double kBurstsPerSecond = 10;  // as "burst" is by default

shmem_request_hook_type previous_request_hook = nullptr;
shmem_startup_hook_type previous_startup_hook = nullptr;
EndpointTable* table = nullptr;

// Requests of this process in flight, by place: given back by whatever way it ends (Abandon), but by SIGKILL, after
// which the postmaster makes the shared memory anew.
struct Taken {
  int in_flight;
  bool used;
};
Taken* taken = nullptr;

Size TableSize() {
  return add_size(offsetof(EndpointTable, endpoints), mul_size(sizeof(SharedEndpoint), settings::max_endpoints));
}

void RequestSharedMemory() {
  if (previous_request_hook) previous_request_hook();
  RequestAddinShmemSpace(TableSize());
  RequestNamedLWLockTranche(kName, 1);
}

void StartSharedMemory() {
  if (previous_startup_hook) previous_startup_hook();
  LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
  bool found = false;
  table = static_cast<EndpointTable*>(ShmemInitStruct(kName, TableSize(), &found));
  if (!found) {
    memset(table, 0, TableSize());
    table->lock = &GetNamedLWLockTranche(kName)->lock;
    table->size = settings::max_endpoints;
    for (int i = 0; i < table->size; i++) SpinLockInit(&table->endpoints[i].lock);
  }
  LWLockRelease(AddinShmemInitLock);
}

// Runs `f` on the state of a place, alone. It neither raises nor waits.
template <typename F>
auto Locked(int place, F&& f) {
  SharedEndpoint& endpoint = table->endpoints[place];
  SpinLockAcquire(&endpoint.lock);
  const auto result = f(endpoint.state);
  SpinLockRelease(&endpoint.lock);
  return result;
}

void LeavePlace(int place) {
  const int in_flight = taken[place].in_flight;
  const Time now = GetCurrentTimestamp();
  Locked(place, [&](EndpointState& state) {
    Abandon(state, MyProcPid, in_flight, now);
    return 0;
  });
  LWLockAcquire(table->lock, LW_EXCLUSIVE);
  table->endpoints[place].users--;
  LWLockRelease(table->lock);
  taken[place] = {};
}

void LeaveAll(int, Datum) {
  for (int i = 0; i < table->size; i++)
    if (taken[i].used) LeavePlace(i);
}

// -1: the table is full.
int TakePlace(EndpointKey key) {
  if (!taken) {
    taken = static_cast<Taken*>(MemoryContextAllocZero(TopMemoryContext, sizeof(Taken) * table->size));
    before_shmem_exit(LeaveAll, 0);
  }
  int place = -1;
  LWLockAcquire(table->lock, LW_EXCLUSIVE);
  for (int i = 0; i < table->size; i++) {
    const SharedEndpoint& endpoint = table->endpoints[i];
    if (endpoint.database == MyDatabaseId && endpoint.key == key) {
      place = i;
      break;
    }
    const bool emptier =
        place < 0 || (endpoint.database == InvalidOid && table->endpoints[place].database != InvalidOid);
    if (endpoint.users == 0 && emptier) place = i;
  }
  if (place >= 0) {
    SharedEndpoint& endpoint = table->endpoints[place];
    if (endpoint.database != MyDatabaseId || endpoint.key != key) {
      endpoint.database = MyDatabaseId;
      endpoint.key = key;
      endpoint.state = {};  // nobody else knows it
    }
    endpoint.users++;
    taken[place].used = true;
  }
  LWLockRelease(table->lock);
  return place;
}

}  // namespace

void RequestEndpoints() {
  previous_request_hook = shmem_request_hook;
  shmem_request_hook = RequestSharedMemory;
  previous_startup_hook = shmem_startup_hook;
  shmem_startup_hook = StartSharedMemory;
}

EndpointTable* SharedEndpoints() {
  return table;
}

void Endpoints::Update(const Definitions& definitions) {
  for (auto& [key, known] : known_) known.current = false;
  for (const auto& [id, trigger] : definitions.triggers) {
    const Definition& definition = definitions.definitions.at(trigger.definition_id);
    Known& known = known_[definition.endpoint_key];
    known.given = known.current ? Strictest(known.given, definition.endpoint) : definition.endpoint;
    known.validates = definition.validate || (known.current && known.validates);
    known.event_trigger = trigger.name;
    known.current = true;
  }
  Forget();
  for (auto& [key, known] : known_) {
    const EndpointKey wanted = key;
    if (known.place < 0 && known.in_flight == 0) known.place = pg::Guarded([&] { return TakePlace(wanted); });
    if (!known.validates) Allow(key, 0);  // also what a worker before this one has noted
    known.rule = Strictest(known.given, known.allowed);
  }
}

// What nobody names any more, once nothing is in flight there.
void Endpoints::Forget() {
  std::erase_if(known_, [](const auto& entry) {
    const Known& known = entry.second;
    if (known.current || known.in_flight > 0) return false;
    if (known.place >= 0) LeavePlace(known.place);
    return true;
  });
}

void Endpoints::Allow(EndpointKey endpoint, double rate) {
  Known& known = known_.at(endpoint);
  known.allowed.rate = rate;
  known.allowed.burst = rate > 0 ? std::max(1.0, rate / kBurstsPerSecond) : 0;
  known.rule = Strictest(known.given, known.allowed);
  if (known.place >= 0) (void)Locked(known.place, [&](EndpointState& state) { return state.allowed_rate = rate; });
}

Verdict Endpoints::Enter(EndpointKey endpoint, Time now) {
  Known& known = known_.at(endpoint);
  const auto enter = [&](EndpointState& state) {
    return delivery::Enter(state, known.rule, MyProcPid, known.in_flight, now);
  };
  const Verdict verdict = known.place < 0 ? enter(known.own) : Locked(known.place, enter);
  if (verdict.answer == Verdict::kGo || verdict.answer == Verdict::kProbe) {
    known.in_flight++;
    if (known.place >= 0) taken[known.place].in_flight++;
  }
  return verdict;
}

void Endpoints::Leave(EndpointKey endpoint, bool probe, Effect effect, Time now) {
  Known& known = known_.at(endpoint);
  Breaker before = Breaker::kClosed;
  const auto leave = [&](EndpointState& state) {
    before = state.breaker;
    delivery::Leave(state, known.rule, probe, effect, now);
    return state;
  };
  known.in_flight--;
  if (known.place >= 0) taken[known.place].in_flight--;
  const EndpointState after = known.place < 0 ? leave(known.own) : Locked(known.place, leave);
  if (after.breaker == before) return;
  if (after.breaker == Breaker::kOpen)
    pg::Log(LogLine("breaker opened")
                .Add("event_trigger", known.event_trigger)
                .Add("milliseconds", (after.open_until - now) / 1000)
                .Add("openings", after.openings));
  if (after.breaker == Breaker::kClosed) pg::Log(LogLine("breaker closed").Add("event_trigger", known.event_trigger));
}

}  // namespace threefactor::delivery
