#include "pg/log.hpp"

#include "pg/guard.hpp"

namespace threefactor::pg {

void Log(const LogLine& line) {
  pg::Guarded(
      [&] { ereport(LOG, errmsg_internal("%s", line.text().c_str()), errhidestmt(true), errhidecontext(true)); });
}

}  // namespace threefactor::pg
