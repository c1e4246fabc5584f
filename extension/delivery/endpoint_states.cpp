// threefactor_private.endpoint_states(): what shared memory knows of this database's endpoints. For the view
// threefactor.endpoints.
#include "delivery/endpoints.hpp"

extern "C" {
#include <funcapi.h>
}

namespace threefactor::delivery {
namespace {

const char* BreakerName(const EndpointState& state, Time now) {
  if (state.breaker == Breaker::kClosed) return "closed";
  return state.breaker == Breaker::kOpen && now < state.open_until ? "open" : "half-open";
}

void PutEndpoint(ReturnSetInfo* result, EndpointKey key, const EndpointState& state) {
  Datum values[] = {Int64GetDatum(key),
                    Int32GetDatum(state.in_flight),
                    CStringGetTextDatum(BreakerName(state, GetCurrentTimestamp())),
                    Int32GetDatum(state.failures),
                    Int32GetDatum(state.successes),
                    TimestampTzGetDatum(state.open_until),
                    TimestampTzGetDatum(state.rate_limited_at),
                    Float8GetDatum(state.allowed_rate)};
  bool nulls[] = {
      false, false, false, false, false, state.open_until == 0, state.rate_limited_at == 0, state.allowed_rate == 0};
  tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

}  // namespace
}  // namespace threefactor::delivery

THREEFACTOR_SQL_FUNCTION(threefactor_endpoint_states);

Datum threefactor_endpoint_states(PG_FUNCTION_ARGS) {
  using namespace threefactor::delivery;
  InitMaterializedSRF(fcinfo, 0);
  auto* const result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  EndpointTable* const table = SharedEndpoints();
  if (!table) return Datum{0};
  for (int i = 0; i < table->size; i++) {
    SharedEndpoint& endpoint = table->endpoints[i];
    LWLockAcquire(table->lock, LW_SHARED);
    const bool ours = endpoint.database == MyDatabaseId;
    const EndpointKey key = endpoint.key;
    SpinLockAcquire(&endpoint.lock);
    const EndpointState state = endpoint.state;
    SpinLockRelease(&endpoint.lock);
    LWLockRelease(table->lock);
    if (ours) PutEndpoint(result, key, state);
  }
  return Datum{0};
}
