// What a request that asks for it is told about itself: how long each stage took, and the statements that ran.
// A request that does not ask has no trace, and the stages get a null pointer: one comparison each.
// Touched by the request's loop alone.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include "sql/compiled.hpp"

namespace threefactor {

class Trace {
 public:
  enum class Stage { kRequest, kCache, kParse, kValidate, kPlan, kCompile, kConnection, kDatabase };
  struct Wanted {
    bool timing = false;
    bool sql = false;
  };

  explicit Trace(Wanted wanted) : wanted_(wanted) {}

  // The time since the stage before ended is this one's. Operations of a batch add up.
  void Finish(Stage stage);
  void CountHit() { ++hits_; }  // the operation cache had it

  // Header line for the response, with its CRLF; empty: not asked for.
  std::string ServerTiming() const;
  // A response's member `,"extensions":{"debug":{...}}` with the statements; empty: not asked for.
  std::string Extensions(const sql::Compiled& compiled) const;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kStages = 8;

  const Wanted wanted_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point latest_ = start_;
  std::array<Clock::duration, kStages> times_{};
  std::array<bool, kStages> passed_{};
  int hits_ = 0;
};

inline void Finish(Trace* trace, Trace::Stage stage) {
  if (trace != nullptr) trace->Finish(stage);
}

}  // namespace threefactor
