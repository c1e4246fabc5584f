#include "pg/prelude.hpp"

#include "apply/pool.hpp"

#include <algorithm>

#include "pg/transaction.hpp"
#include "settings.hpp"

extern "C" {
#include <catalog/pg_authid.h>
#include <utils/acl.h>
#include <utils/syscache.h>
}

namespace threefactor::apply {

namespace {

using delivery::Time;

constexpr Time kSecond = 1000000;
constexpr Time kIdle = 10 * kSecond;
constexpr Time kStartPause = kSecond;

// Why the role cannot have a session here; null: it can. Postgres-side.
const char* FindRole(const char* name, Oid* id) {
  const HeapTuple tuple = SearchSysCache1(AUTHNAME, CStringGetDatum(name));
  if (!HeapTupleIsValid(tuple)) return psprintf("role \"%s\" does not exist", name);
  const auto* role = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
  *id = role->oid;
  const bool may_log_in = role->rolcanlogin;
  ReleaseSysCache(tuple);
  if (!may_log_in) return psprintf("role \"%s\" is not permitted to log in", name);
  if (pg_database_aclcheck(MyDatabaseId, *id, ACL_CONNECT) != ACLCHECK_OK)
    return psprintf("role \"%s\" may not connect to this database", name);
  return nullptr;
}

}  // namespace

void Pool::Tend(Time now, std::vector<Result>& results) {
  std::erase_if(appliers_, [&](Applier& applier) {
    if (Feed(applier) && Listen(applier, now, results)) return false;
    if (applier.job_id) results.push_back({*applier.job_id, "apply: the applier ended; the server's log may say why"});
    Close(applier);
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

// Sends what is left of the message. False: the applier has gone.
bool Pool::Feed(Applier& applier) {
  if (applier.message.empty()) return true;
  const shm_mq_result sent = pg::Guarded(
      [&] { return shm_mq_send(applier.jobs, applier.message.size(), applier.message.data(), true, true); });
  if (sent == SHM_MQ_SUCCESS) applier.message.clear();
  return sent != SHM_MQ_DETACHED;
}

// Likewise takes the result of its job, if there is one.
bool Pool::Listen(Applier& applier, Time now, std::vector<Result>& results) {
  Size size = 0;
  void* data = nullptr;
  const shm_mq_result received = pg::Guarded([&] { return shm_mq_receive(applier.results, &size, &data, true); });
  if (received == SHM_MQ_SUCCESS) {
    results.push_back(UnpackResult({static_cast<const char*>(data), size}));
    applier.job_id.reset();
    applier.idle_since = now;
  }
  return received != SHM_MQ_DETACHED;
}

void Pool::EndIdle(Time now) {
  std::erase_if(appliers_, [&](Applier& applier) {
    const bool idle = !applier.job_id && now - applier.idle_since >= kIdle;
    if (idle) Close(applier);
    return idle;
  });
}

// Gives the next task of an event trigger to an applier, which an event trigger may have half of. False: it must wait.
bool Pool::Dispatch(std::deque<Task>& tasks, Time now, std::vector<Result>& results) {
  Task& task = tasks.front();
  const auto has = [&](const Applier& applier) { return applier.job_id && applier.trigger_id == task.trigger_id; };
  const auto most = static_cast<std::size_t>(settings::appliers);
  if (std::count_if(appliers_.begin(), appliers_.end(), has) >= static_cast<std::ptrdiff_t>((most + 1) / 2))
    return false;

  const auto ready = [&](const Applier& applier) { return !applier.job_id && applier.role == task.role; };
  auto applier = std::find_if(appliers_.begin(), appliers_.end(), ready);
  if (applier == appliers_.end()) {
    Oid role = InvalidOid;
    const char* problem = nullptr;
    pg::RunTransaction("find the role of an apply statement", [&] {
      const MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
      problem = FindRole(task.role.c_str(), &role);
      MemoryContextSwitchTo(caller);
    });
    if (problem) {
      results.push_back({task.job.id, std::string("apply: ") + problem});
      pfree(const_cast<char*>(problem));
      tasks.pop_front();
      return true;
    }
    if (now < start_not_before_) return false;
    if (appliers_.size() >= most) {
      const auto idle = std::find_if(appliers_.begin(), appliers_.end(), [](const Applier& a) { return !a.job_id; });
      if (idle == appliers_.end()) return false;
      Close(*idle);
      appliers_.erase(idle);
    }
    if (!Start(task.role, role, now)) return false;
    applier = std::prev(appliers_.end());
  }
  Give(*applier, std::move(task));
  tasks.pop_front();
  return true;
}

void Pool::Give(Applier& applier, Task task) {
  applier.job_id = task.job.id;
  applier.trigger_id = task.trigger_id;
  applier.message = Pack(task.job);
  (void)Feed(applier);  // that it has gone is noticed the next time
}

bool Pool::Start(const std::string& role, Oid role_id, Time now) {
  Applier applier;
  applier.role = role;
  applier.idle_since = now;
  pg::Guarded([&] {
    const MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
    applier.segment = dsm_create(sizeof(Channel), DSM_CREATE_NULL_IF_MAXSEGMENTS);
    if (applier.segment) {
      dsm_pin_mapping(applier.segment);
      auto* channel = static_cast<Channel*>(dsm_segment_address(applier.segment));
      channel->database = MyDatabaseId;
      channel->role = role_id;
      shm_mq* jobs = shm_mq_create(channel->jobs, Channel::kJobs);
      shm_mq* results = shm_mq_create(channel->results, Channel::kResults);
      shm_mq_set_sender(jobs, MyProc);
      shm_mq_set_receiver(results, MyProc);

      BackgroundWorker worker = {};
      snprintf(worker.bgw_name, BGW_MAXLEN, "threefactor apply (database %u, role %u)", MyDatabaseId, role_id);
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
