#include "signal/subscriptions.hpp"

extern "C" {
#include <catalog/pg_subscription.h>
#include <catalog/pg_subscription_rel.h>
#include <replication/logicalworker.h>
}

namespace threefactor::signal {

namespace {

const char* SubscriptionOf(const Node* statement) {
  if (IsA(statement, CreateSubscriptionStmt))
    return reinterpret_cast<const CreateSubscriptionStmt*>(statement)->subname;
  if (IsA(statement, AlterSubscriptionStmt)) return reinterpret_cast<const AlterSubscriptionStmt*>(statement)->subname;
  return nullptr;
}

// Its tables that are in the schema.
List* TablesIn(Oid schema, Oid subscription) {
  const Relation catalog = table_open(SubscriptionRelRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_subscription_rel_srsubid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(subscription));
  const SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, nullptr, 1, &key);
  List* tables = NIL;
  while (const HeapTuple tuple = systable_getnext(scan)) {
    const Oid table = reinterpret_cast<Form_pg_subscription_rel>(GETSTRUCT(tuple))->srrelid;
    if (get_rel_namespace(table) == schema) tables = lappend_oid(tables, table);
  }
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
  return tables;
}

}  // namespace

void LeaveSubscription(const Node* statement) {
  const char* const name = SubscriptionOf(statement);
  const Oid schema = name ? get_namespace_oid("threefactor", true) : InvalidOid;
  if (!OidIsValid(schema) || !OidIsValid(get_extension_oid("threefactor", true))) return;
  CommandCounterIncrement();
  const Oid subscription = get_subscription_oid(name, true);
  if (!OidIsValid(subscription)) return;
  const List* const tables = TablesIn(schema, subscription);
  ListCell* cell;
  foreach (cell, tables) RemoveSubscriptionRel(subscription, lfirst_oid(cell));
  if (tables != NIL)
    ereport(NOTICE, errmsg("subscription \"%s\" leaves out the tables of the extension threefactor", name),
            errdetail("They belong to one database; those of the publisher are not those of this one."));
}

}  // namespace threefactor::signal

THREEFACTOR_SQL_FUNCTION(threefactor_refuse_replicated);

// A BEFORE INSERT ... FOR EACH ROW trigger: drops the rows that logical replication applies. (The outbox itself is
// written without triggers.)
Datum threefactor_refuse_replicated(PG_FUNCTION_ARGS) {
  if (!CALLED_AS_TRIGGER(fcinfo))
    ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
            errmsg("threefactor_private.refuse_replicated is a trigger function and cannot be called otherwise"));
  const auto& call = *reinterpret_cast<TriggerData*>(fcinfo->context);
  const bool before_insert = TRIGGER_FIRED_BEFORE(call.tg_event) && TRIGGER_FIRED_BY_INSERT(call.tg_event) &&
                             TRIGGER_FIRED_FOR_ROW(call.tg_event);
  if (!before_insert)
    ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
            errmsg("threefactor_private.refuse_replicated must be a BEFORE INSERT ... FOR EACH ROW trigger"));
  return PointerGetDatum(IsLogicalWorker() ? nullptr : call.tg_trigtuple);
}
