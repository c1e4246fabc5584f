#include "delivery/log.hpp"

#include "pg/guard.hpp"

namespace threefactor::delivery {

void Log(const LogLine& line) {
  pg::Guarded(
      [&] { ereport(LOG, errmsg_internal("%s", line.text().c_str()), errhidestmt(true), errhidecontext(true)); });
}

}  // namespace threefactor::delivery
