// Writes a line to the server's log. C++-side.
#pragma once

#include "delivery/pure/log_line.hpp"

namespace threefactor::delivery {

void Log(const LogLine& line);

}  // namespace threefactor::delivery
