#include "pg/prelude.hpp"

#include "apply/pool.hpp"

#include <algorithm>
#include <set>

#include "pg/transaction.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <catalog/pg_authid.h>
#include <utils/acl.h>
#include <utils/syscache.h>
}

namespace threefactor::apply {

namespace {

constexpr Time kIdle = 10 * kSecond;
constexpr Time kStartPause = kSecond;
constexpr double kFast = 32000;  // microseconds; what is given together shall not take longer
constexpr double kMostTogether = 32;
constexpr double kUnknownPace = kFast;
constexpr double kPaceOver = 8;             // statements
constexpr Time kGrace = 2 * kSecond;        // past threefactor.apply_timeout, before a process is told to end
constexpr Time kEndsWithin = 10 * kSecond;  // of being told; then it is left to itself

// Why the role cannot have a session here; null: it can. Postgres-side.
const char* WhyNoSession(Oid id) {
  const HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(id));
  if (!HeapTupleIsValid(tuple)) return psprintf("role %u does not exist", id);
  const auto* role = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
  const char* const name = pstrdup(NameStr(role->rolname));
  const bool may_log_in = role->rolcanlogin;
  ReleaseSysCache(tuple);
  if (!may_log_in) return psprintf("role \"%s\" is not permitted to log in", name);
  if (pg_database_aclcheck(MyDatabaseId, id, ACL_CONNECT) != ACLCHECK_OK)
    return psprintf("role \"%s\" may not connect to this database", name);
  return nullptr;
}

}  // namespace

void Pool::Tend(Time now, std::vector<Result>& results) {
  std::erase_if(appliers_, [&](Applier& applier) {
    if (Feed(applier) && Listen(applier, now, results) && !EndOverdue(applier, now)) return false;
    Bury(applier, results);
    return true;
  });
  for (bool given = true; given && !waiting_.empty();) {
    given = false;
    auto next = waiting_.upper_bound(turn_);
    for (std::size_t left = waiting_.size(); left > 0; left--) {
      if (next == waiting_.end()) next = waiting_.begin();
      turn_ = next->first;
      given = Dispatch(next->second, now, results) || given;
      next = next->second.empty() ? waiting_.erase(next) : std::next(next);
    }
  }
  EndIdle(now);
}

// Sends its tasks, as far as there is room. False: the applier has gone.
bool Pool::Feed(Applier& applier) {
  for (;;) {
    if (applier.message.empty()) {
      if (applier.sent == applier.tasks.size()) return true;
      applier.message = Pack(applier.tasks[applier.sent++].job);
    }
    const shm_mq_result sent = pg::Guarded(
        [&] { return shm_mq_send(applier.jobs, applier.message.size(), applier.message.data(), true, true); });
    if (sent != SHM_MQ_SUCCESS) return sent != SHM_MQ_DETACHED;
    applier.message.clear();
  }
}

// Likewise takes the results that there are.
bool Pool::Listen(Applier& applier, Time now, std::vector<Result>& results) {
  for (;;) {
    Size size = 0;
    void* data = nullptr;
    const shm_mq_result received = pg::Guarded([&] { return shm_mq_receive(applier.results, &size, &data, true); });
    if (received != SHM_MQ_SUCCESS) return received != SHM_MQ_DETACHED;
    results.push_back(UnpackResult({static_cast<const char*>(data), size}));
    const auto took = static_cast<double>(std::max<Time>(now - applier.since, 0));
    double& pace = paces_.try_emplace(applier.tasks.front().trigger_id, took).first->second;
    pace += (took - pace) / kPaceOver;
    applier.tasks.pop_front();
    applier.sent--;
    applier.since = now;
  }
}

// The applier itself cancels a statement at its timeout, but a statement may catch that, or not look for it. Told to
// end, the process raises FATAL, which nobody catches. One that does not look for that either is left behind: whatever
// it does yet, the guard of the delivery holds. True: it is not to be waited for.
bool Pool::EndOverdue(Applier& applier, Time now) {
  if (applier.tasks.empty()) return false;
  pid_t pid = 0;
  if (GetBackgroundWorkerPid(applier.process, &pid) == BGWH_NOT_YET_STARTED) applier.since = now;
  const std::int32_t trigger_id = applier.tasks.front().trigger_id;
  if (applier.told_to_end == 0) {
    if (now - applier.since <= settings::apply_timeout * Time{1000} + kGrace) return false;
    applier.told_to_end = now;
    pg::Guarded([&] {
      TerminateBackgroundWorker(applier.process);
      ereport(LOG,
              errmsg("threefactor: the apply statement of event trigger %d ran past threefactor.apply_timeout, its "
                     "process %d is ended",
                     trigger_id, pid),
              errhint("A statement must not catch query_canceled."));
    });
    return false;
  }
  if (now - applier.told_to_end <= kEndsWithin) return false;
  pg::Guarded([&] {
    ereport(WARNING,
            errmsg("threefactor: process %d, which runs the apply statement of event trigger %d, does not end", pid,
                   trigger_id),
            errdetail("Another one takes its place."),
            errhint("What it runs does not check for interrupts; it ends with that, or with the server."));
  });
  return true;
}

// It has ended with the first of its tasks, which may have been applied. The others were not begun.
void Pool::Bury(Applier& applier, std::vector<Result>& results) {
  if (!applier.tasks.empty()) {
    const std::int32_t trigger_id = applier.tasks.front().trigger_id;
    results.push_back({applier.tasks.front().job.id,
                       applier.told_to_end == 0
                           ? "the applier ended, the server's log may say why"
                           : "apply failed, 57014 query_canceled: it ran past threefactor.apply_timeout, its process "
                             "was ended"});
    for (; applier.tasks.size() > 1; applier.tasks.pop_back())
      waiting_[trigger_id].push_front(std::move(applier.tasks.back()));
    if (applier.told_to_end == 0)
      paces_.erase(trigger_id);
    else
      paces_[trigger_id] = settings::apply_timeout * 1000.0;
  }
  Close(applier);
}

double Pool::PaceOf(std::int32_t trigger_id) const {
  const auto pace = paces_.find(trigger_id);
  return pace == paces_.end() ? kUnknownPace : pace->second;
}

void Pool::EndIdle(Time now) {
  std::erase_if(appliers_, [&](Applier& applier) {
    const bool idle = applier.tasks.empty() && now - applier.since >= kIdle;
    if (idle) Close(applier);
    return idle;
  });
}

// By what has ended, or by what is running.
bool Pool::IsSlow(std::int32_t trigger_id, Time now) const {
  const auto pace = paces_.find(trigger_id);
  if (pace != paces_.end() && pace->second >= kFast) return true;
  return std::any_of(appliers_.begin(), appliers_.end(), [&](const Applier& applier) {
    return !applier.tasks.empty() && applier.tasks.front().trigger_id == trigger_id &&
           static_cast<double>(now - applier.since) >= kFast;
  });
}

// The appliers that an event trigger may have now: an equal part among those that want one, at most half, or all but
// one if its statements are fast. Of three or more, one is never given to those that are slow.
std::size_t Pool::ShareOf(std::int32_t trigger_id, Time now) const {
  const auto most = static_cast<std::size_t>(settings::appliers);
  std::set<std::int32_t> wanting{trigger_id};
  for (const auto& [id, tasks] : waiting_) wanting.insert(id);
  std::size_t own = 0;
  std::size_t of_slow = 0;
  for (const Applier& applier : appliers_) {
    if (applier.tasks.empty()) continue;
    const std::int32_t id = applier.tasks.front().trigger_id;
    wanting.insert(id);
    if (id == trigger_id) own++;
    if (IsSlow(id, now)) of_slow++;
  }
  if (most > 2 && IsSlow(trigger_id, now) && of_slow + 1 >= most) return own;
  const std::size_t alone = std::max((most + 1) / 2, PaceOf(trigger_id) < kFast ? most - 1 : 0);
  return std::min(alone, (most + wanting.size() - 1) / wanting.size());
}

// Gives the next tasks of an event trigger to an applier; several together if they are fast, so that the applier has
// work while the worker is busy. False: it must wait.
bool Pool::Dispatch(std::deque<Task>& tasks, Time now, std::vector<Result>& results) {
  const Task& task = tasks.front();
  const auto has = [&](const Applier& applier) {
    return !applier.tasks.empty() && applier.tasks.front().trigger_id == task.trigger_id;
  };
  const auto most = static_cast<std::size_t>(settings::appliers);
  const double pace = PaceOf(task.trigger_id);
  const std::size_t share = ShareOf(task.trigger_id, now);
  if (std::count_if(appliers_.begin(), appliers_.end(), has) >= static_cast<std::ptrdiff_t>(share)) return false;

  const auto ready = [&](const Applier& applier) { return applier.tasks.empty() && applier.role == task.role; };
  auto applier = std::find_if(appliers_.begin(), appliers_.end(), ready);
  if (applier == appliers_.end()) {
    const char* problem = nullptr;
    pg::RunTransaction("find the role of an apply statement", [&] {
      problem = WhyNoSession(task.role);
      if (problem) problem = MemoryContextStrdup(TopMemoryContext, problem);
    });
    if (problem) {
      results.push_back({task.job.id, std::string("apply failed: ") + problem});
      pfree(const_cast<char*>(problem));
      tasks.pop_front();
      return true;
    }
    if (now < start_not_before_) return false;
    if (appliers_.size() >= most) {
      const auto idle =
          std::find_if(appliers_.begin(), appliers_.end(), [](const Applier& a) { return a.tasks.empty(); });
      if (idle == appliers_.end()) return false;
      Close(*idle);
      appliers_.erase(idle);
    }
    if (!Start(task.role, now)) return false;
    applier = std::prev(appliers_.end());
  }
  const auto together = static_cast<std::size_t>(std::clamp(kFast / std::max(pace, 1.0), 1.0, kMostTogether));
  Give(*applier, tasks, std::min(together, (tasks.size() + share - 1) / share), now);
  return true;
}

void Pool::Give(Applier& applier, std::deque<Task>& tasks, std::size_t most, Time now) {
  for (; most > 0 && !tasks.empty() && tasks.front().role == applier.role; most--) {
    applier.tasks.push_back(std::move(tasks.front()));
    tasks.pop_front();
  }
  applier.since = now;
  (void)Feed(applier);  // that it has gone is noticed the next time
}

bool Pool::Start(Oid role, Time now) {
  Applier applier;
  applier.role = role;
  applier.since = now;
  pg::Guarded([&] {
    const MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
    applier.segment = dsm_create(sizeof(Channel), DSM_CREATE_NULL_IF_MAXSEGMENTS);
    if (applier.segment) {
      dsm_pin_mapping(applier.segment);
      auto* channel = static_cast<Channel*>(dsm_segment_address(applier.segment));
      channel->database = MyDatabaseId;
      channel->role = role;
      shm_mq* jobs = shm_mq_create(channel->jobs, Channel::kJobs);
      shm_mq* results = shm_mq_create(channel->results, Channel::kResults);
      shm_mq_set_sender(jobs, MyProc);
      shm_mq_set_receiver(results, MyProc);

      BackgroundWorker worker = {};
      snprintf(worker.bgw_name, BGW_MAXLEN, "threefactor apply (database %u, role %u)", MyDatabaseId, role);
      strlcpy(worker.bgw_type, "threefactor apply", BGW_MAXLEN);
      strlcpy(worker.bgw_library_name, "threefactor", BGW_MAXLEN);
      strlcpy(worker.bgw_function_name, "threefactor_applier_main", BGW_MAXLEN);
      worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
      worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
      worker.bgw_restart_time = BGW_NEVER_RESTART;
      worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(applier.segment));
      worker.bgw_notify_pid = MyProcPid;
      if (RegisterDynamicBackgroundWorker(&worker, &applier.process)) {
        applier.jobs = shm_mq_attach(jobs, applier.segment, applier.process);
        applier.results = shm_mq_attach(results, applier.segment, applier.process);
      } else {
        dsm_detach(applier.segment);
        applier.segment = nullptr;
      }
    }
    MemoryContextSwitchTo(caller);
    if (!applier.segment)
      ereport(LOG, errmsg("threefactor: no room for an applier"),
              errhint("Raise max_worker_processes, or lower threefactor.appliers, and restart the server."));
  });
  if (!applier.segment) {
    start_not_before_ = now + kStartPause;
    return false;
  }
  appliers_.push_back(std::move(applier));
  return true;
}

// The applier ends when it notices that nobody listens, after the statement that it runs.
void Pool::Close(Applier& applier) {
  pg::Guarded([&] {
    shm_mq_detach(applier.jobs);
    shm_mq_detach(applier.results);
    dsm_detach(applier.segment);
    pfree(applier.process);
  });
}

void Pool::Stop() {
  for (Applier& applier : appliers_) TerminateBackgroundWorker(applier.process);
  appliers_.clear();
}

}  // namespace threefactor::apply
