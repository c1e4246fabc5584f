// Event triggers, events and gates for the tests of the queues.
#pragma once

#include <map>

#include <catch2/catch.hpp>

#include "queue/dispatch.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

// Lets everything go.
class OpenGate : public EndpointGate {
 public:
  Verdict Enter(EndpointKey, Time) override { return {Verdict::kGo, 0}; }
  void Leave(EndpointKey, bool, Effect, Time) override {}
};

// By the rules of endpoint.hpp, for one worker.
class RuledGate : public EndpointGate {
 public:
  struct Place {
    EndpointRule rule;
    EndpointState state = {};
    int own = 0;
    int asked = 0;
  };
  Verdict Enter(EndpointKey endpoint, Time now) override {
    Place& place = places[endpoint];
    place.asked++;
    const Verdict verdict = delivery::Enter(place.state, place.rule, 1, place.own, now);
    if (verdict.answer == Verdict::kGo || verdict.answer == Verdict::kProbe) place.own++;
    return verdict;
  }
  void Leave(EndpointKey endpoint, bool probe, Effect effect, Time now) override {
    Place& place = places[endpoint];
    place.own--;
    delivery::Leave(place.state, place.rule, probe, effect, now);
  }
  std::map<EndpointKey, Place> places;
};

// Definition 10 * n belongs to event trigger n.
inline Definitions Triggers(std::initializer_list<std::int32_t> ids) {
  Definitions definitions;
  for (const std::int32_t id : ids) {
    definitions.definitions[id * 10].id = id * 10;
    definitions.definitions[id * 10].trigger_id = id;
    definitions.triggers[id] = {id, "t", id * 10, false};
  }
  return definitions;
}

inline std::shared_ptr<const Event> EventAt(std::uint64_t xid, std::int64_t position) {
  auto event = std::make_shared<Event>();
  event->order = {xid, position};
  event->id[0] = static_cast<std::uint8_t>(position);
  event->id[1] = static_cast<std::uint8_t>(position >> 8);
  return event;
}

struct Fixture {
  explicit Fixture(std::initializer_list<std::int32_t> ids) : definitions(Triggers(ids)) {
    UpdateQueues(state, definitions);
    state.cursor.target = Snapshot{1000, 1000, {}};
  }
  void Add(std::int32_t id) {
    definitions.definitions[id * 10].id = id * 10;
    definitions.definitions[id * 10].trigger_id = id;
    definitions.triggers[id] = {id, "t", id * 10, false};
    state.queues[id];
  }
  Admission Admit(std::int64_t at, std::vector<std::int32_t> ids) {
    return AdmitFromMain(state, definitions, EventAt(5, at), {ids});
  }
  void FillUp(std::int32_t trigger) {
    while (HasRoom(state.queues[trigger])) REQUIRE(Admit(++position, {trigger * 10}) == Admission::kTaken);
  }
  std::int64_t position = 0;
  Definitions definitions;
  State state;
};

}  // namespace threefactor::delivery
