#include <fmt/format.h>

#include <stdexcept>

#include "api/first_catalog.hpp"
#include "commands/import.hpp"
#include "schema/print.hpp"
#include "schema/type_system.hpp"

namespace threefactor::commands {

int PrintSchema(const std::string& role, const Options& options) {
  if (role != "admin") throw std::runtime_error(fmt::format("--role: only the role admin is served, not \"{}\"", role));
  const FirstCatalog first = ReadFirstCatalog(options, [](auto) { return true; });
  fmt::print("{}", schema::PrintSchema(*schema::BuildSchema(first.catalog)));
  return 0;
}

}  // namespace threefactor::commands
