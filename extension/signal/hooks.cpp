#include "pg/prelude.hpp"

#include "signal/hooks.hpp"

namespace threefactor::signal {

void InstallHooks() {}

}  // namespace threefactor::signal
