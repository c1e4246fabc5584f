// The rules of the queues: what is admitted and who is detached (delivery/README.md); who is served next: dispatch.hpp.
#pragma once

#include <optional>
#include <span>

#include "definition/definition.hpp"
#include "queue/state.hpp"

namespace threefactor::delivery {

// Gives each event trigger its queue and tells what its definition says, also that it is paused or dropped.
void UpdateQueues(State& state, const Definitions& definitions);

// The queue of an event trigger, made when there is none (0: of definitions nobody knows; counts as dropped).
Queue& QueueOf(State& state, const Definitions& definitions, std::int32_t trigger_id);

// Nothing is posted for it now, nor read: it is paused, or the circuit breaker of its endpoint is open.
bool Halted(const Queue& queue);
// Divides the bytes of events that the worker may hold among the queues: past them each has one delivery at a time.
void ShareMemory(State& state, std::size_t memory);
// Its deliveries in memory that are not in flight.
std::size_t Waiting(const Queue& queue);
bool HasRoom(const Queue& queue);   // for another delivery
bool IsHungry(const Queue& queue);  // has so little that more should be read

// Reading on with the main cursor serves somebody.
bool MainClaimWanted(const State& state);
// The trigger is detached and should read by itself.
bool OwnClaimWanted(const Queue& queue);

// What an event says of who shall have it; keys of order parallel to the ids, null: there are none.
struct Captured {
  std::span<const std::int32_t> definitions;
  const OrderKey* order_keys = nullptr;
};

// What of it is an event trigger's; id 0: nothing.
struct Match {
  std::int32_t definition_id = 0;
  OrderKey order_key = 0;
};
Match MatchOf(const Definitions& definitions, const Captured& captured, std::int32_t trigger_id);

enum class Admission { kTaken, kStop, kUnknownDefinition };

// The main cursor's next event: puts its deliveries into their queues, detaching event triggers
// that cannot take it, and moves the cursor past it. kStop: every queue that reads along has enough, the event was not
// taken. kUnknownDefinition: not taken, an id is neither in `definitions` nor known to be unknown.
Admission AdmitFromMain(State& state, const Definitions& definitions, const std::shared_ptr<const Event>& event,
                        const Captured& captured);

// Likewise the next event that concerns a detached trigger, from its own cursor.
Admission AdmitFromOwn(State& state, std::int32_t trigger_id, const Match& match, std::shared_ptr<const Event> event);

// Sets the own cursor's target if it has none: as far as the main cursor is. False: it is there, and the trigger reads
// along again.
bool AimOwnCursor(const State& state, Queue& queue);
// The own cursor stands where the main cursor is, on the way to the same target.
bool OnSameWay(const State& state, const Queue& queue);

// Puts a delivery into its queue, whatever room there is. REQUIRES: the queue.
void Enqueue(State& state, Delivery delivery);

// Likewise a delivery that was unsettled before a crash.
void EnqueueAgain(State& state, std::shared_ptr<const Event> event, const Match& match, std::int32_t trigger_id);

// Moves what waits for dropped event triggers to `finished`, archived.
void ArchiveDropped(State& state, Time now);

}  // namespace threefactor::delivery
