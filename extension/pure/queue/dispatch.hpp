// Whose turn it is to post: in turn between event triggers, within the shares of the worker's concurrency and what
// their endpoints take (delivery/README.md). The cost of a delivery does not grow with the number of event triggers.
//
// A fast event trigger may be ahead of its share: what it takes then is handed over to be posted as soon as others have
// been answered, without asking here again, so that requests go on while the worker is busy with something else.
#pragma once

#include <optional>

#include "endpoint/endpoint_gate.hpp"
#include "queue/state.hpp"

namespace threefactor::delivery {

// Gives the event trigger a turn, if it has something to post and nothing holds it. Whoever puts something into a
// queue, or takes away what held it, calls this.
void OfferTurn(State& state, std::int32_t trigger_id, Queue& queue);

// The next delivery to post; counts it as in flight. What it cannot have now is noted: asking again costs little.
std::optional<Delivery> TakeNext(State& state, int concurrency, EndpointGate& gate, Time now);

// How many requests may be in flight from which on those ahead wait.
int PlacesAhead(int concurrency);
// A delivery ahead has got its place.
void Begun(State& state, Delivery& delivery);

// Its endpoint has answered, and has room for another.
void LeaveEndpoint(State& state, const Delivery& delivery, Effect effect, EndpointGate& gate, Time now);
// Nothing of it is in flight any more, `latency` milliseconds after it was posted; none: it could not be.
void EndFlight(State& state, Delivery& delivery, std::optional<double> latency);
// Both: its attempt has ended after `latency` milliseconds; none: it could not be made.
void Landed(State& state, Delivery& delivery, std::optional<double> latency, Effect effect, EndpointGate& gate,
            Time now);

// A delivery whose request has not begun, and never will, is the first to be posted again.
void PutBack(State& state, Delivery delivery, EndpointGate& gate, Time now);

// When the next of those that are held by their endpoints is to ask again; kNever: none is held.
Time NextRelease(const State& state);
void ReleaseDue(State& state, Time now);
void Release(State& state, std::int32_t trigger_id, Queue& queue);

}  // namespace threefactor::delivery
