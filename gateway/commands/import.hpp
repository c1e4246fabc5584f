// threefactor-gateway import PATH: the metadata of a Hasura project into the database.
#pragma once

#include <filesystem>

#include "options/options.hpp"

namespace threefactor::commands {

struct ImportOptions {
  std::filesystem::path path;
  bool apply = false;    // else all is done and undone again, to show what would be
  bool partial = false;  // apply although some of it cannot be
};

// Prints what is made, what goes, and what cannot be. Gives the exit code: 0, or 2 where something cannot be. Throws
// std::exception where nothing could be tried.
int Import(const ImportOptions& import, const Options& options);

// threefactor-gateway schema: prints the schema that the role is served, in GraphQL's definition language.
int PrintSchema(const std::string& role, const Options& options);

}  // namespace threefactor::commands
