// Whose turn it is to post: in turn between event triggers, within the shares of the worker's concurrency and what
// their endpoints take (README.md). The cost of a delivery does not grow with the number of event triggers. Pure.
#pragma once

#include <optional>

#include "delivery/pure/endpoint_gate.hpp"
#include "delivery/pure/state.hpp"

namespace threefactor::delivery {

// Gives the event trigger a turn, if it has something to post and nothing holds it. Whoever puts something into a
// queue, or takes away what held it, calls this.
void OfferTurn(State& state, std::int32_t trigger_id, Queue& queue);

// The next delivery to post; counts it as in flight. What it cannot have now is noted: asking again costs little.
std::optional<Delivery> TakeNext(State& state, int concurrency, EndpointGate& gate, Time now);

// Its endpoint has answered, and has room for another.
void LeaveEndpoint(State& state, const Delivery& delivery, Effect effect, EndpointGate& gate, Time now);
// Nothing of it is in flight any more, `latency` milliseconds after it was posted; none: it could not be.
void EndFlight(State& state, const Delivery& delivery, std::optional<double> latency);
// Both: its attempt has ended after `latency` milliseconds; none: it could not be made.
void Landed(State& state, const Delivery& delivery, std::optional<double> latency, Effect effect, EndpointGate& gate,
            Time now);

// When the next of those that are held by their endpoints is to ask again; kNever: none is held.
Time NextRelease(const State& state);
void ReleaseDue(State& state, Time now);
void Release(State& state, std::int32_t trigger_id, Queue& queue);

}  // namespace threefactor::delivery
