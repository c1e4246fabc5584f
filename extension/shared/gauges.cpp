#include "shared/gauges.hpp"

#include <algorithm>

#include "pg/encoding.hpp"
#include "shared/shared.hpp"

extern "C" {
#include <funcapi.h>
}

namespace threefactor::gauges {

namespace {

// REQUIRES: the lock, exclusively.
void RemoveOwn(Table& table) {
  Gauge* const end = std::remove_if(table.gauges, table.gauges + table.count,
                                    [](const Gauge& gauge) { return gauge.worker == MyProcPid; });
  table.count = static_cast<int>(end - table.gauges);
}

int Copy(shared::DatabaseSlot& slot, Gauge* gauges) {
  LWLockAcquire(shared::State().lock, LW_SHARED);
  const int count = slot.gauges.count;
  memcpy(gauges, slot.gauges.gauges, sizeof(Gauge) * count);
  LWLockRelease(shared::State().lock);
  return count;
}

}  // namespace

void Publish(shared::DatabaseSlot& slot, const Gauge* gauges, int count) {
  LWLockAcquire(shared::State().lock, LW_EXCLUSIVE);
  Table& table = slot.gauges;
  RemoveOwn(table);
  const int fits = Min(count, kMostGauges - table.count);
  std::copy_n(gauges, fits, table.gauges + table.count);  // memcpy would not take the null of an empty vector
  table.count += fits;
  LWLockRelease(shared::State().lock);
}

void Withdraw(shared::DatabaseSlot& slot) {
  LWLockAcquire(shared::State().lock, LW_EXCLUSIVE);
  RemoveOwn(slot.gauges);
  LWLockRelease(shared::State().lock);
}

}  // namespace threefactor::gauges

THREEFACTOR_SQL_FUNCTION(threefactor_gauges);

// () -> setof (trigger_id, worker, in_flight, pending, oldest, delivered, rate, failed_at, failed_status, error)
Datum threefactor_gauges(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  InitMaterializedSRF(fcinfo, 0);
  const auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  shared::DatabaseSlot* slot = shared::IsPreloaded() ? shared::FindSlot() : nullptr;
  if (!slot) PG_RETURN_NULL();
  auto* copies = static_cast<gauges::Gauge*>(palloc(sizeof(gauges::Gauge) * gauges::kMostGauges));
  const int count = gauges::Copy(*slot, copies);
  for (int i = 0; i < count; i++) {
    const gauges::Gauge& gauge = copies[i];
    Datum values[] = {Int32GetDatum(gauge.trigger_id),    Int32GetDatum(gauge.worker),
                      Int32GetDatum(gauge.in_flight),     Int64GetDatum(gauge.pending),
                      TimestampTzGetDatum(gauge.oldest),  Int64GetDatum(gauge.delivered),
                      Float8GetDatum(gauge.rate),         TimestampTzGetDatum(gauge.failed_at),
                      Int32GetDatum(gauge.failed_status), pg::ServerText(gauge.error)};
    bool nulls[] = {false,
                    false,
                    false,
                    false,
                    gauge.oldest == 0,
                    false,
                    false,
                    gauge.failed_at == 0,
                    gauge.failed_status == 0,
                    gauge.error[0] == '\0'};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  PG_RETURN_NULL();
}
