// Loads event triggers and their definitions. C++-side.
#pragma once

#include "definition/definition.hpp"

namespace threefactor::delivery {

// In one transaction. What cannot be used is loaded with its problem, never an error of the whole. Throws
// PostgresError.
Definitions LoadDefinitions();

}  // namespace threefactor::delivery
