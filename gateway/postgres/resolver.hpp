// Looks up the hosts of a connection string in a thread, since libpq would do it in the loop's, which a slow name
// server holds up for all clients. Lives on one loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "loop/loop.hpp"

namespace threefactor::postgres {

// Parameters for libpq that override those of the connection string: a host stands there once for each of its
// addresses, in the same places of all three lists. All empty: nothing has to be looked up.
struct Addresses {
  std::string host;  // what certificates are checked for
  std::string hostaddr;
  std::string port;
  std::string failure;  // why there is no address at all
};

class Resolver {
 public:
  explicit Resolver(Loop& loop);
  ~Resolver();  // lookups under way end by themselves, unheard
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Calls `done` on the loop: at once where every host is an address or a Unix socket, else later.
  void Resolve(const std::string& connection_string, std::function<void(const Addresses&)> done);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace threefactor::postgres
