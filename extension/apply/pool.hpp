// The appliers of a delivery worker: started when there is something to apply, each for one role, ended when idle.
// C++-side.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "apply/channel.hpp"
#include "apply_task/task.hpp"

namespace threefactor::apply {

class Pool {
 public:
  Pool() = default;
  ~Pool() { Stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void Add(Task task) { waiting_[task.trigger_id].push_back(std::move(task)); }
  // Starts, feeds and ends appliers; adds what has ended to `results`. Never waits; an applier that has something to
  // say sets the latch.
  void Tend(Time now, std::vector<Result>& results);
  // The process is about to exit, or the pool to be destroyed.
  void Stop();

 private:
  struct Applier {
    Oid role = InvalidOid;
    BackgroundWorkerHandle* process = nullptr;
    dsm_segment* segment = nullptr;
    shm_mq_handle* jobs = nullptr;
    shm_mq_handle* results = nullptr;
    std::deque<Task> tasks;  // of one event trigger; it runs the first one. Empty: idle
    std::size_t sent = 0;    // of these, the last one perhaps in part
    std::string message;     // what is left of that one
    Time since = 0;          // the first one was begun, or the last one ended
    Time told_to_end = 0;    // it ran past the timeout; 0: it was not told
  };

  bool Feed(Applier& applier);
  bool Listen(Applier& applier, Time now, std::vector<Result>& results);
  void Bury(Applier& applier, std::vector<Result>& results);
  bool EndOverdue(Applier& applier, Time now);
  void EndIdle(Time now);
  bool IsSlow(std::int32_t trigger_id, Time now) const;
  std::size_t ShareOf(std::int32_t trigger_id, Time now) const;
  bool Dispatch(std::deque<Task>& tasks, Time now, std::vector<Result>& results);
  bool Start(Oid role, Time now);
  void Give(Applier& applier, std::deque<Task>& tasks, std::size_t most, Time now);
  static void Close(Applier& applier);
  // What a statement of the event trigger takes, a moving average in microseconds; a long time, if none has ended yet.
  double PaceOf(std::int32_t trigger_id) const;

  std::map<std::int32_t, std::deque<Task>> waiting_;  // by event trigger; none is empty
  std::vector<Applier> appliers_;
  std::map<std::int32_t, double> paces_;
  std::int32_t turn_ = 0;      // the event trigger that was served last
  Time start_not_before_ = 0;  // the server has no room for another process
};

}  // namespace threefactor::apply
