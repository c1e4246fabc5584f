// An applier: a background worker that runs apply statements as one role (README.md). The session is that role's from
// its first moment, so nothing that a statement does (RESET ROLE, SET SESSION AUTHORIZATION, deferred triggers) leads
// to more rights. C++-side up to Postgres' calls.
#include <algorithm>
#include <string_view>
#include <utility>

#include "apply/channel.hpp"
#include "apply_task/message.hpp"
#include "pg/encoding.hpp"
#include "pg/guard.hpp"
#include "pg/pinned.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <catalog/pg_proc.h>
#include <commands/discard.h>
#include <storage/procsignal.h>
#include <utils/syscache.h>
#include <utils/timeout.h>
}

namespace threefactor::apply {

namespace {

const char* const kFailed = "apply failed";
const char* const kTooEarly = "the statement could not begin";

// Nothing of the statement before: temporary tables, settings, prepared statements, session locks.
void ForgetSession() {
  auto* discard = makeNode(DiscardStmt);
  discard->target = DISCARD_ALL;
  DiscardCommand(discard, true);
}

void SetLocally(const char* name, const char* value) {
  (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

// threefactor.accept, which runs with its owner's rights: the role needs none on our schema.
bool AcceptFirst(const char* key) {
  Oid argument = TEXTOID;
  const Oid function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("accept"),
                                       PointerGetDatum(buildoidvector(&argument, 1)),
                                       ObjectIdGetDatum(get_namespace_oid("threefactor", false)));
  if (!OidIsValid(function)) elog(ERROR, "threefactor: there is no function threefactor.accept");
  return DatumGetBool(OidFunctionCall1(function, CStringGetTextDatum(psprintf("apply:%s", key))));
}

Datum Json(const std::string& utf8) {
  return DirectFunctionCall1(json_in, CStringGetDatum(TextDatumGetCString(pg::ServerText(utf8))));
}

const char* ConditionName(std::string_view state) {
  static constexpr std::pair<std::string_view, const char*> kNames[] = {
#include "apply/condition_names.inc"
  };
  const auto* known =
      std::find_if(std::begin(kNames), std::end(kNames), [&](auto& name) { return name.first == state; });
  return known == std::end(kNames) ? "(a code of its own)" : known->second;
}

void RunStatement(const Job& job, const char** stage) {
  Oid types[] = {JSONOID, JSONOID};
  Datum values[] = {Json(job.event), 0};
  *stage = "the response is not JSON";
  values[1] = Json(job.response);
  *stage = kFailed;
  SPI_connect();
  const char* statement = TextDatumGetCString(pg::ServerText(job.statement));
  const int result = SPI_execute_with_args(statement, 2, types, values, nullptr, false, 0);
  if (result < 0) elog(ERROR, "%s", SPI_result_code_string(result));
  SPI_finish();
}

// One transaction; when it returns, its commit is durable whatever synchronous_commit the role has chosen.
void RunJob(const Job& job, const char** stage) {
  *stage = kTooEarly;
  SetCurrentStatementStartTimestamp();
  StartTransactionCommand();
  XactIsoLevel = XACT_READ_COMMITTED;
  XactReadOnly = false;
  XactDeferrable = false;
  pgstat_report_activity(STATE_RUNNING, job.statement.c_str());
  enable_timeout_after(STATEMENT_TIMEOUT, settings::apply_timeout);
  ForgetSession();
  pg::PinRights();
  PushActiveSnapshot(GetTransactionSnapshot());
  SetLocally("lock_timeout", psprintf("%d", settings::apply_lock_timeout));
  SetLocally("search_path", job.search_path.c_str());
  if (AcceptFirst(job.key.c_str())) RunStatement(job, stage);
  PopActiveSnapshot();
  *stage = kFailed;  // deferred constraints are checked now
  CommitTransactionCommand();
  XLogFlush(XactLastCommitEnd);
}

void EndJob() {
  disable_timeout(STATEMENT_TIMEOUT, false);
  QueryCancelPending = false;
  AbortCurrentTransaction();  // does nothing after a commit
  pgstat_report_activity(STATE_IDLE, nullptr);
}

Result Apply(const Job& job) {
  const char* stage = "";
  Result result{job.id, ""};
  try {
    pg::Guarded([&] { RunJob(job, &stage); });
  } catch (const pg::PostgresError& error) {
    const char* const state = unpack_sql_state(error.data().sqlerrcode);
    result.error = std::string(stage) + ", " + state + ' ' + ConditionName(state) + ": " + error.what();
  }
  pg::Guarded(EndJob);
  return result;
}

// What a statement of the role says, and the CONTEXT of what ends the process, may quote rows. The role cannot set
// these.
void KeepValuesFromLog() {
  SetConfigOption("log_min_messages", "fatal", PGC_SUSET, PGC_S_OVERRIDE);
  SetConfigOption("log_error_verbosity", "terse", PGC_SUSET, PGC_S_OVERRIDE);
}

void Serve(shm_mq_handle* jobs, shm_mq_handle* results) {
  for (;;) {
    Size size = 0;
    void* data = nullptr;
    if (pg::Guarded([&] { return shm_mq_receive(jobs, &size, &data, false); }) != SHM_MQ_SUCCESS) return;
    if (ConfigReloadPending) {
      ConfigReloadPending = false;
      pg::Guarded([] { ProcessConfigFile(PGC_SIGHUP); });
    }
    const std::string answer = Pack(Apply(UnpackJob({static_cast<const char*>(data), size})));
    if (pg::Guarded([&] { return shm_mq_send(results, answer.size(), answer.data(), false, true); }) != SHM_MQ_SUCCESS)
      return;
  }
}

}  // namespace

}  // namespace threefactor::apply

void threefactor_applier_main(Datum argument) {
  using namespace threefactor;
  pqsignal(SIGHUP, SignalHandlerForConfigReload);
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();
  MemoryContextSwitchTo(TopMemoryContext);

  dsm_segment* segment = dsm_attach(DatumGetUInt32(argument));
  if (!segment) return;  // the delivery worker has gone
  auto* channel = static_cast<apply::Channel*>(dsm_segment_address(segment));
  auto* jobs = reinterpret_cast<shm_mq*>(channel->jobs);
  auto* results = reinterpret_cast<shm_mq*>(channel->results);
  shm_mq_set_receiver(jobs, MyProc);
  shm_mq_set_sender(results, MyProc);
  shm_mq_handle* job_queue = shm_mq_attach(jobs, segment, nullptr);
  shm_mq_handle* result_queue = shm_mq_attach(results, segment, nullptr);

  BackgroundWorkerInitializeConnectionByOid(channel->database, channel->role, 0);
  apply::KeepValuesFromLog();
  pgstat_report_appname("threefactor apply");
  pg::Entered([&] { apply::Serve(job_queue, result_queue); });
}
