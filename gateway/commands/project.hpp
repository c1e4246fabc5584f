// The metadata of a Hasura project as it lies in files.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/json.hpp"

namespace threefactor::commands {

struct Project {
  JsonDocument metadata;             // as export_metadata gives it
  std::vector<JsonDocument> others;  // which it refers to
};

// `path`: a file, JSON or YAML (.yaml, .yml); or a directory with the metadata in files (version.yaml,
// databases/databases.yaml or tables.yaml ...), or with that below it, as config.yaml says ("metadata"). Files are
// included from below that directory alone. Throws Error that names the file.
Project ReadProject(const std::filesystem::path& path);

}  // namespace threefactor::commands
