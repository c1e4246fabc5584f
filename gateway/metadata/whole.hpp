// What is kept of the metadata although it cannot be made (sql/replace.sql): which requests ask for it, and how they
// use it. Pure: no I/O.
#pragma once

#include <string>
#include <vector>

#include "metadata/kinds.hpp"
#include "schema/catalog.hpp"

namespace threefactor::metadata {

// export_metadata of version 2: with the version of what it answers.
ReadCommand ExportWithVersion();

// Whether the request, or a part of it, needs what threefactor.inconsistent_objects answers.
bool WantsStored(const Json& request);

// `stored`: that answer, a list. As get_inconsistent_metadata shows each.
std::vector<std::string> ShowStored(const Json& stored);

// drop_inconsistent_metadata: takes away what the API has left out because its name is that of something else.
void DropLeftOut(const std::vector<schema::Omission>& omissions, const std::string& path, Command& command);

// reload_metadata: counts it, and tries again what could not be made.
void RetryStored(const Json& stored, const std::string& path, Command& command);

}  // namespace threefactor::metadata
