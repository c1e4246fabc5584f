#include "signal/hooks.hpp"

#include "capture/buffer.hpp"
#include "capture/lost.hpp"
#include "capture/missing.hpp"
#include "capture/owners.hpp"
#include "follow/names.hpp"
#include "launcher/launcher.hpp"
#include "signal/databases.hpp"
#include "signal/publication.hpp"
#include "signal/subscriptions.hpp"
#include "signal/touched.hpp"
#include "signal/utility.hpp"

extern "C" {
#include <commands/dbcommands.h>
#include <parser/parsetree.h>
}

namespace threefactor::signal {

namespace {

ExecutorStart_hook_type next_executor_start = nullptr;
ExecutorFinish_hook_type next_executor_finish = nullptr;
ProcessUtility_hook_type next_process_utility = nullptr;

void OnExecutorStart(QueryDesc* query, int flags) {
  if (next_executor_start)
    next_executor_start(query, flags);
  else
    standard_ExecutorStart(query, flags);
  if ((flags & EXEC_FLAG_EXPLAIN_ONLY) || !shared::FindSlot()) return;
  ListCell* cell;
  foreach (cell, query->plannedstmt->resultRelations)
    TouchRelation(rt_fetch(lfirst_int(cell), query->plannedstmt->rtable)->relid);
}

// The AFTER triggers of the statement have fired when the standard function returns.
void OnExecutorFinish(QueryDesc* query) {
  if (next_executor_finish)
    next_executor_finish(query);
  else
    standard_ExecutorFinish(query);
  capture::EndStatement();
}

struct UtilityCall {
  PlannedStmt* statement;
  const char* text;
  bool read_only_tree;
  ProcessUtilityContext context;
  ParamListInfo parameters;
  QueryEnvironment* environment;
  DestReceiver* destination;
  QueryCompletion* completion;
};

void RunNext(const UtilityCall& call) {
  const auto next = next_process_utility ? next_process_utility : standard_ProcessUtility;
  next(call.statement, call.text, call.read_only_tree, call.context, call.parameters, call.environment,
       call.destination, call.completion);
}

void AttachAgain(int, Datum database) {
  launcher::Attach(DatumGetObjectId(database));
}

// The worker comes back whether the command works, fails, or ends with its session.
void RunDetached(const UtilityCall& call, const DatabaseCommand& command) {
  const Datum database = ObjectIdGetDatum(command.database);
  PG_ENSURE_ERROR_CLEANUP(AttachAgain, database);
  {
    launcher::Detach(command.database);
    RunNext(call);
  }
  PG_END_ENSURE_ERROR_CLEANUP(AttachAgain, database);
  const Node* const statement = call.statement->utilityStmt;
  if (IsA(statement, CreatedbStmt))
    launcher::VisitAtCommit(get_database_oid(reinterpret_cast<const CreatedbStmt*>(statement)->dbname, true));
  if (command.drops)
    shared::ReleaseSlot(command.database);
  else
    launcher::Attach(command.database);
}

bool CommitsPrepared(const Node* statement) {
  return IsA(statement, TransactionStmt) &&
         reinterpret_cast<const TransactionStmt*>(statement)->kind == TRANS_STMT_COMMIT_PREPARED;
}

// What it changed is not known here, event triggers perhaps, or it made the extension; its events wait in the outbox.
void AfterCommitPrepared() {
  if (!shared::IsPreloaded()) return;
  PublishEverything();
  shared::DatabaseSlot* const slot = shared::FindSlot();
  if (slot || OidIsValid(get_extension_oid("threefactor", true))) shared::WantWorker(MyDatabaseId);
  if (!slot) return;
  pg_atomic_fetch_add_u32(&slot->definitions, 1);
  pg_atomic_fetch_add_u32(&slot->parked, 1);
  shared::RingDoorbell(*slot);
}

void OnUtility(PlannedStmt* planned, const char* text, bool read_only_tree, ProcessUtilityContext context,
               ParamListInfo parameters, QueryEnvironment* environment, DestReceiver* destination,
               QueryCompletion* completion) {
  const UtilityCall call = {planned, text, read_only_tree, context, parameters, environment, destination, completion};
  Node* const statement = planned->utilityStmt;

  // A transaction statement may run when nothing can be looked up (the transaction has failed).
  if (IsA(statement, TransactionStmt)) {
    const bool commits_prepared = CommitsPrepared(statement);
    RunNext(call);
    if (commits_prepared) AfterCommitPrepared();
    return;
  }

  const DatabaseCommand command = RecogniseDatabaseCommand(statement);
  if (OidIsValid(command.database)) {
    RunDetached(call, command);
    if (command.database == MyDatabaseId) TouchSchema();
    return;
  }
  if (!shared::FindSlot()) {
    RunNext(call);
    if (IsTransactionState()) follow::FollowNames();
    return;
  }
  const bool temporary_ddl = IsTemporaryDdl(statement);
  // Statements that run another one (EXPLAIN ANALYZE, EXECUTE, DO, CALL) may end this one's memory: copied before.
  const bool noted = IsA(statement, CopyStmt) || IsA(statement, TruncateStmt) || IsA(statement, RefreshMatViewStmt) ||
                     GetCommandLogLevel(statement) == LOGSTMT_DDL;
  RunNext(call);
  if (IsTransactionState()) follow::FollowNames();
  if (noted && IsTransactionState()) {
    NoteUtility(statement, temporary_ddl);
    capture::WarnOfMissingColumns(statement);
    capture::WarnOfLostTriggers();
    capture::FollowOwners(statement);
    LeaveSubscription(statement);
    WarnOfPublication(statement);
  }
  if (IsTransactionState()) capture::EndStatement();
}

}  // namespace

void InstallHooks() {
  next_executor_start = ExecutorStart_hook;
  ExecutorStart_hook = OnExecutorStart;
  next_executor_finish = ExecutorFinish_hook;
  ExecutorFinish_hook = OnExecutorFinish;
  next_process_utility = ProcessUtility_hook;
  ProcessUtility_hook = OnUtility;
  capture::InstallLossHook();
  follow::InstallNameHook();
}

}  // namespace threefactor::signal
