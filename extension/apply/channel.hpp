// The shared memory between the delivery worker and one applier: a queue of jobs and one of results. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

extern "C" {
#include <storage/dsm.h>
#include <storage/shm_mq.h>
}

namespace threefactor::apply {

struct Channel {
  static constexpr Size kJobs = 64 * 1024;
  static constexpr Size kResults = 8 * 1024;

  Oid database;
  Oid role;
  alignas(MAXIMUM_ALIGNOF) char jobs[kJobs];
  alignas(MAXIMUM_ALIGNOF) char results[kResults];
};

}  // namespace threefactor::apply

extern "C" {
// argument: the handle of the segment.
PGDLLEXPORT void threefactor_applier_main(Datum argument);
}
