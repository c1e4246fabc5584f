// One short transaction of a background worker, from C++-side code.
#pragma once

#include "pg/guard.hpp"

namespace threefactor::pg {

// Starts a transaction with an active snapshot, runs `f` (Postgres-side: owns nothing; may append to objects owned
// outside), commits. On an ERROR or exception the transaction is aborted and the exception passes on.
// `activity` is what pg_stat_activity shows. Synchronous commit follows the setting of the session.
template <typename F>
void RunTransaction(const char* activity, F&& f) {
  try {
    Guarded([&] {
      SetCurrentStatementStartTimestamp();
      StartTransactionCommand();
      PushActiveSnapshot(GetTransactionSnapshot());
      pgstat_report_activity(STATE_RUNNING, activity);
      f();
      PopActiveSnapshot();
      CommitTransactionCommand();
      pgstat_report_activity(STATE_IDLE, nullptr);
    });
  } catch (...) {
    Guarded([] {
      AbortCurrentTransaction();
      pgstat_report_activity(STATE_IDLE, nullptr);
    });
    throw;
  }
}

}  // namespace threefactor::pg
