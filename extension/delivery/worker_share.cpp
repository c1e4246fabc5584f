#include "delivery/worker_share.hpp"

#include "checkpoint/inheritance.hpp"

namespace threefactor::delivery {

namespace {

uint64 OrderKeyOf(const outbox::Row& row, int index) {
  return row.order_keys ? row.order_keys[index] : 0;
}

}  // namespace

uint64 OwnershipOf(const Definitions& definitions, const outbox::Row& row, int32 trigger_id) {
  const Captured captured{{row.definitions, static_cast<std::size_t>(row.definition_count)}, row.order_keys};
  return OwnershipHash(trigger_id, row.event_id, MatchOf(definitions, captured, trigger_id).order_key);
}

bool WorkerShare::IsToBeMade(const outbox::Row& row, int index) const {
  const int32 id = row.definitions[index];
  const auto definition = definitions_.definitions.find(id);
  const bool known = definition != definitions_.definitions.end();
  if (!known && !definitions_.unknown.contains(id)) return true;
  const int32 trigger_id = known ? definition->second.trigger_id : 0;
  const uint64 hash = OwnershipHash(trigger_id, row.event_id, OrderKeyOf(row, index));
  return IsOwn(state_.share, hash) && !PassedBefore(state_.inherited, trigger_id, hash, {row.xid, row.position});
}

Captured WorkerShare::Of(const outbox::Row& row) {
  if (state_.share.workers == 1 && state_.inherited.empty())
    return {{row.definitions, static_cast<std::size_t>(row.definition_count)}, row.order_keys};
  ids_.clear();
  keys_.clear();
  for (int i = 0; i < row.definition_count; i++) {
    if (!IsToBeMade(row, i)) continue;
    ids_.push_back(row.definitions[i]);
    keys_.push_back(OrderKeyOf(row, i));
  }
  return {ids_, row.order_keys ? keys_.data() : nullptr};
}

}  // namespace threefactor::delivery
