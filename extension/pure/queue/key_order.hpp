// Order by key (delivery/README.md): of the deliveries of an ordered event trigger with the same key one goes at a
// time, and the next one only when it is settled. What waits behind a retry or a dead letter goes to a row of its own,
// in state blocked, and is loaded from there when its time has come.
#pragma once

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "queue/state.hpp"

namespace threefactor::delivery {

// Puts into Queue::next what may be posted, and into line what may not. False: nothing may. REQUIRES: it is ordered.
bool BringForward(State& state, Queue& queue);

// An attempt is settled: the next one of its key may go, or all of them wait.
void SettledInOrder(State& state, const Attempt& attempt);

// Lines that are long for how fast they move leave room for other keys: their ends get rows.
void ShortenLines(State& state, Time now);

// The event trigger takes nothing for long, or what it has not read yet gets rows: all that is in memory and has a key
// gets one, too, so that nothing of its key overtakes it.
void PutAllBehind(State& state, Queue& queue);

// State::behind shall be written now.
bool BehindIsDue(State& state, Time now);
Time BehindDueAt(const State& state);
// Takes it, in order, as what is no longer in memory: the caller gives each a row, and tells then (GotRow).
std::vector<Delivery> TakeBehind(State& state);
void GotRow(State& state, std::int32_t trigger_id, OrderKey key);

// The keys of the event trigger that have rows, each with the position of the one that all others wait for; 0: none.
void FoundRows(State& state, std::int32_t trigger_id, Queue& queue,
               const std::unordered_map<OrderKey, std::int64_t>& heads);

// The next key whose rows are to be looked at, of those whose queue takes any.
std::optional<std::pair<std::int32_t, OrderKey>> NextToCheck(State& state);
// Its blocked rows, the first of them in order, all when not `more`; none when another row is `head`.
void Checked(State& state, std::int32_t trigger_id, OrderKey key, std::vector<Delivery> rows, bool more,
             std::int64_t head);

// It is not halted any more.
void CheckAgain(State& state, std::int32_t trigger_id, Queue& queue);

// It is not ordered any more, or gone: all that is in line waits in turn.
void LeaveLines(Queue& queue);

// At the start: those that were in memory before rows of their key go before these. `first`: position of the first
// blocked row of the key.
void SeatBefore(State& state, std::int32_t trigger_id, Queue& queue, OrderKey key, std::int64_t first);

}  // namespace threefactor::delivery
