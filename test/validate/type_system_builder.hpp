// Type system document -> Schema, of which the rules need no more than names and types.
#pragma once

#include <memory>

#include "schema/type_system.hpp"
#include "type_system_document.hpp"

namespace threefactor::validate {

// Throws std::runtime_error that names a type which is missing or defined twice. What else makes a type system
// invalid is not looked for.
std::shared_ptr<const schema::Schema> BuildTypeSystem(const TypeSystemDocument& document);

}  // namespace threefactor::validate
