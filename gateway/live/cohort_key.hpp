// What makes two subscriptions one cohort: the same statement, parameters and response layout, on behalf of the same
// role with the same session variables. The whole of the session counts, used or not: a policy may read any of it.
#pragma once

#include <cstddef>

#include "execute/executor.hpp"
#include "sql/compiled.hpp"

namespace threefactor::live {

// Borrows both, which the cohort owns: a key of 10,000 cohorts costs two pointers each.
struct CohortKey {
  const sql::Compiled* compiled = nullptr;
  const Session* session = nullptr;
};

// Whether both answer the same bytes from the same state of the database.
bool SameStatement(const sql::Compiled& left, const sql::Compiled& right);

struct CohortKeyHash {
  std::size_t operator()(const CohortKey& key) const;
};
struct CohortKeyEqual {
  bool operator()(const CohortKey& left, const CohortKey& right) const;
};

}  // namespace threefactor::live
