// The catalog as the process reads it before it serves, on a connection of its own that may block.
#pragma once

#include <memory>
#include <string>

#include "options.hpp"
#include "schema/catalog.hpp"

namespace threefactor {

struct FirstCatalog {
  std::shared_ptr<const schema::Catalog> catalog;
  std::string database;  // "shop at db.example.com:5432", for people
};

// Throws std::runtime_error saying which database could not be read, and why; never with its password.
FirstCatalog ReadFirstCatalog(const Options& options);

}  // namespace threefactor
