// The catalog as the process reads it before it serves, on a connection of its own that may block.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "options/options.hpp"
#include "schema/catalog.hpp"

namespace threefactor {

struct FirstCatalog {
  std::shared_ptr<const schema::Catalog> catalog;  // of who may do everything
  std::string catalog_text;                        // as the database told it
  std::string privileges_text;                     // likewise, of administrators
  std::string database;                            // "shop at db.example.com:5432", for people
  bool is_pooled = false;  // something like PgBouncer is in between: who answers is not who was connected to
};

// Throws std::runtime_error saying which database could not be read, and why; never with its password.
// `pause` waits between two attempts to connect; false: the process is to end, which is an error here too.
FirstCatalog ReadFirstCatalog(const Options& options, const std::function<bool(std::chrono::milliseconds)>& pause);

}  // namespace threefactor
