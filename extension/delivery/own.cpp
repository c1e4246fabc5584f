#include "delivery/own.hpp"

#include "delivery/pure/inheritance.hpp"

namespace threefactor::delivery {

namespace {

uint64 OrderKeyOf(const outbox::Row& row, int index) {
  return row.order_keys ? row.order_keys[index] : 0;
}

}  // namespace

uint64 OwnershipOf(const Definitions& definitions, const outbox::Row& row, int32 trigger_id) {
  uint64 order_key = 0;
  for (int i = 0; i < row.definition_count; i++) {
    const auto definition = definitions.definitions.find(row.definitions[i]);
    if (definition == definitions.definitions.end() || definition->second.trigger_id != trigger_id) continue;
    order_key = OrderKeyOf(row, i);
    break;
  }
  return OwnershipHash(trigger_id, row.event_id, order_key);
}

void FindOwn(const State& state, const Definitions& definitions, const outbox::Row& row, std::vector<int32>* own) {
  own->clear();
  const bool all = state.share.workers == 1 && state.inherited.empty();
  for (int i = 0; i < row.definition_count; i++) {
    const int32 id = row.definitions[i];
    const auto definition = definitions.definitions.find(id);
    const bool known = definition != definitions.definitions.end();
    if (!all && (known || definitions.unknown.contains(id))) {
      const int32 trigger_id = known ? definition->second.trigger_id : 0;
      const uint64 hash = OwnershipHash(trigger_id, row.event_id, OrderKeyOf(row, i));
      if (!IsOwn(state.share, hash)) continue;
      if (PassedBefore(state.inherited, trigger_id, hash, {row.xid, row.position})) continue;
    }
    own->push_back(id);
  }
}

}  // namespace threefactor::delivery
