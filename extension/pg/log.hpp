// Writes a line to the server's log. C++-side.
#pragma once

#include "text/log_line.hpp"

namespace threefactor::pg {

void Log(const LogLine& line);

}  // namespace threefactor::pg
