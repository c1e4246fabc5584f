// Fires the schedules of a database when they are due (README.md). C++-side.
#pragma once

#include "event/time.hpp"
#include "shared/shared.hpp"

namespace threefactor::schedule {

class Due {
 public:
  explicit Due(shared::DatabaseSlot& slot) : slot_(slot) {}

  // Makes the events of the schedules that are due, in a transaction; asks the database only when one is, or when a
  // transaction has changed them. Throws PostgresError.
  void Fire(Time now);
  // When to call it again, unless something changes meanwhile.
  Time Next() const { return next_; }

 private:
  shared::DatabaseSlot& slot_;
  Time next_ = 0;
  Time tidied_at_ = 0;
  std::uint32_t seen_schedules_ = 0;
  std::uint32_t seen_definitions_ = 0;
};

}  // namespace threefactor::schedule
