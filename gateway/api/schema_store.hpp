// The schemas that are served: that of administrators, and those of the roles that asked last. One snapshot for all
// loops, replaced as a whole; a request keeps the schema that it began with.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/session.hpp"
#include "schema/type_system.hpp"

namespace threefactor::api {

// A role as requests run in it. Immutable, but for its last use.
struct ServedRole {
  std::string database_role;      // empty: what the gateway logs in as
  std::string statement_timeout;  // its own, as Postgres takes it; empty: none
  std::shared_ptr<const schema::Schema> schema;
  std::shared_ptr<const schema::Schema> backend_schema;  // with the permissions that are for backends only
  mutable std::atomic<std::uint64_t> last_use = 0;

  const std::shared_ptr<const schema::Schema>& SchemaOf(const Identity& identity) const {
    return identity.uses_backend_only ? backend_schema : schema;
  }
};

class SchemaStore {
 public:
  struct Snapshot {
    std::shared_ptr<const ServedRole> admin;
    std::map<std::string, std::shared_ptr<const ServedRole>, std::less<>> roles;  // as clients name them
    std::uint64_t generation = 0;  // another one, where a schema may be another
  };

  std::shared_ptr<const Snapshot> Now() const { return snapshot_.load(); }
  void Set(std::shared_ptr<const Snapshot> snapshot) { snapshot_.store(std::move(snapshot)); }  // by one thread

  std::shared_ptr<const schema::Schema> OfAdmin() const { return Now()->admin->schema; }
  std::uint64_t generation() const { return Now()->generation; }
  // What the caller runs as. Null: the role is not here, and must be loaded (Service::load_role).
  std::shared_ptr<const ServedRole> Find(const Identity& identity) const {
    const auto now = Now();
    if (identity.is_admin) return now->admin;
    const auto found = now->roles.find(identity.role);
    if (found == now->roles.end()) return nullptr;
    Touch(*found->second);
    return found->second;
  }
  void Touch(const ServedRole& role) const {
    role.last_use.store(uses_.fetch_add(1, std::memory_order_relaxed), std::memory_order_relaxed);
  }

 private:
  std::atomic<std::shared_ptr<const Snapshot>> snapshot_;
  mutable std::atomic<std::uint64_t> uses_ = 1;
};

}  // namespace threefactor::api
