// A full disk: what cannot be settled stays in memory, nothing is posted, and now and then the worker tries again,
// until there is room. It neither ends nor repeats what was answered. C++-side.
#pragma once

#include "event/ownership.hpp"
#include "event/time.hpp"
#include "pg/guard.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

class DiskSpace {
 public:
  DiskSpace(shared::DatabaseSlot& slot, const Share& share) : slot_(slot), share_(share) {}

  bool IsThere() const { return there_; }
  // Without room: it is time to try again.
  bool IsToTry(Time now) const;
  // False: `write` has failed for lack of room.
  template <typename F>
  bool Try(Time now, F&& write) {
    try {
      write();
      return true;
    } catch (const pg::PostgresError& error) {
      if (error.data().sqlerrcode != ERRCODE_DISK_FULL) throw;
      Lacks(error.what(), now);
      return false;
    }
  }
  // What had failed has succeeded.
  void Found(Time now);

 private:
  void Lacks(const char* why, Time now);

  shared::DatabaseSlot& slot_;
  const Share& share_;
  bool there_ = true;
  bool said_ = false;  // in the log: that there is none
  Time pause_ = 0;     // between two tries
  Time tried_at_ = 0;
  Time found_at_ = 0;
};

}  // namespace threefactor::delivery
