// All of a running gateway: one thread per event loop, each with its own Postgres connections and HTTP server.
// The first loop is also home of what there is only one of: live queries and the reload of the schema.
#pragma once

#include <functional>
#include <memory>

#include "api/first_catalog.hpp"
#include "api/service.hpp"
#include "options/options.hpp"
#include "transport/http_server.hpp"

namespace threefactor::api {

class Gateway {
 public:
  // `options` and `socket` outlive the gateway. `can_listen`: signals of the extension can reach it.
  Gateway(const Options& options, const transport::ListenSocket& socket, const FirstCatalog& first, bool can_listen);
  ~Gateway();  // stops the loops and joins their threads
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  void Start();
  // Accepts nothing more, closes WebSockets, lets requests finish. `drained` is called once, on some loop's thread.
  void Drain(const std::function<void()>& drained);
  int threads() const;
  int database_connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor::api
