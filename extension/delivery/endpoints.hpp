// The endpoints of all databases, in shared memory: what their limits count holds over all workers of a database
// (README.md, DECISIONS.md). Where the table is full, a worker counts for itself alone.
#pragma once

#include "pg/prelude.hpp"

#include <string>
#include <unordered_map>

#include "definition/definition.hpp"
#include "endpoint/endpoint_gate.hpp"

namespace threefactor::delivery {

// One endpoint in shared memory.
struct SharedEndpoint {
  Oid database;     // EndpointTable::lock; InvalidOid: free
  EndpointKey key;  // likewise
  int users;        // likewise; workers that know it. Without any it stays, until the place is needed.
  slock_t lock;     // protects the state
  EndpointState state;
};

struct EndpointTable {
  LWLock* lock;  // protects who has which place
  int size;      // constant after initialisation
  SharedEndpoint endpoints[FLEXIBLE_ARRAY_MEMBER];
};

// In _PG_init: hooks for size and initialisation.
void RequestEndpoints();

// Null when the library was not preloaded.
EndpointTable* SharedEndpoints();

// The gate of one worker. C++-side.
class Endpoints : public EndpointGate {
 public:
  // Takes the endpoints of the current definitions; each has the strictest of the rules that event triggers give it.
  void Update(const Definitions& definitions);

  // It takes so many requests each second, as it has said itself; 0: any number. Until it says something else.
  void Allow(EndpointKey endpoint, double rate);

  Verdict Enter(EndpointKey endpoint, Time now) override;
  void Leave(EndpointKey endpoint, bool probe, Effect effect, Time now) override;

 private:
  struct Known {
    EndpointRule given;    // by event triggers
    EndpointRule allowed;  // by itself
    EndpointRule rule;     // the strictest of both
    bool validates = false;
    std::string event_trigger;  // one that posts there
    bool current = false;       // a definition names it
    int place = -1;             // in the shared table; -1: the state is `own`
    int in_flight = 0;          // of this worker
    EndpointState own = {};
  };

  void Forget();

  std::unordered_map<EndpointKey, Known> known_;
};

}  // namespace threefactor::delivery
