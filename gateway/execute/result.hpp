// What libpq answers, owned.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "execute/executor.hpp"

namespace threefactor::execute {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using CancelHandle = std::unique_ptr<PGcancel, FreeCancel>;

std::string_view SqlState(const PGresult* result);  // empty when the failure is not the server's
Error ErrorOf(const PGresult* result, std::string path);
// The connection ended while an operation was on it.
Error LostConnection(const char* libpq_message, bool outcome_unknown);

// The value at (0, column) in the response: "null" for NULL, `empty` where there is no row.
std::string_view ResponseText(const PGresult* result, int column, std::string_view empty);
std::size_t ValueSize(const PGresult* result);  // bytes of the value at (0, 0); 0: there is none
Executor::Rows RowsOf(const PGresult* result);

}  // namespace threefactor::execute
