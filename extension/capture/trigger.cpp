// The trigger function threefactor.capture: the way of a row change into the system. Its arguments: arguments.hpp.
// Everybody may execute it, since who makes a partition needs that right for the triggers of the partitioned table.
#include "capture/buffer.hpp"
#include "capture/changed.hpp"
#include "capture/event_trigger.hpp"
#include "capture/move.hpp"
#include "pg/errors.hpp"

namespace threefactor::capture {
namespace {

Change Describe(const TriggerData& call) {
  Change change = {};
  change.relation = RelationGetRelid(call.tg_relation);
  ItemPointerSetInvalid(&change.old_place);
  ItemPointerSetInvalid(&change.new_place);
  if (TRIGGER_FIRED_BY_TRUNCATE(call.tg_event)) {
    change.operation = outbox::Operation::kTruncate;
    return change;
  }
  if (TRIGGER_FIRED_BY_INSERT(call.tg_event)) {
    change.operation = outbox::Operation::kInsert;
    change.new_row = call.tg_trigslot;
    change.new_place = call.tg_trigtuple->t_self;
    return change;
  }
  change.old_row = call.tg_trigslot;
  change.old_place = call.tg_trigtuple->t_self;
  change.operation = outbox::Operation::kDelete;
  if (TRIGGER_FIRED_BY_UPDATE(call.tg_event)) {
    change.operation = outbox::Operation::kUpdate;
    change.new_row = call.tg_newslot;
    change.new_place = call.tg_newtuple->t_self;
    change.differing = DifferingColumns(change.old_row, change.new_row);
  }
  return change;
}

void Capture(const TriggerData& call) {
  const Trigger& trigger = *call.tg_trigger;
  Source& source = FindSource(call.tg_relation, trigger);
  if (!source.captures) {
    WarnThatNothingIsCaptured(call.tg_relation, trigger, source.made);
    return;
  }
  const Change change = Describe(call);
  switch (PartOfMove(source, change, call.tg_trigtuple ? call.tg_trigtuple->t_data : nullptr)) {
    case Part::kLeaving:
      RememberLeaving(source, change);
      return;
    case Part::kArriving:
      if (!trigger.tgqual) Arrive(source, change);  // one with a condition has another beside it
      return;
    case Part::kNone:
      break;
  }
  if (source.only_moves) return;
  if (change.operation == outbox::Operation::kUpdate &&
      !HasChanged(change.old_row, change.new_row, change.differing, source.columns))
    return;
  Buffer(source, change);
}

}  // namespace
}  // namespace threefactor::capture

THREEFACTOR_SQL_FUNCTION(threefactor_capture);

Datum threefactor_capture(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  if (!CALLED_AS_TRIGGER(fcinfo))
    ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
            errmsg("threefactor.capture is a trigger function and cannot be called otherwise"));
  const auto& call = *reinterpret_cast<TriggerData*>(fcinfo->context);
  const bool for_row = TRIGGER_FIRED_BY_TRUNCATE(call.tg_event) || TRIGGER_FIRED_FOR_ROW(call.tg_event);
  if (!TRIGGER_FIRED_AFTER(call.tg_event) || !for_row)
    ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
            errmsg("threefactor.capture must be an AFTER ... FOR EACH ROW trigger, or one of TRUNCATE"));
  capture::Capture(call);
  PG_RETURN_POINTER(nullptr);
}
