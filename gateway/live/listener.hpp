// The connection on which the server says what changed: LISTEN for the doorbell, threefactor.watch and
// threefactor.changes for the content. Protocol: live/README.md. Reconnects by itself, with a growing delay.
// Lives on one loop; its callbacks are called there, and may not destroy it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "live/signal.hpp"
#include "loop/loop.hpp"

namespace threefactor::live {

class Listener {
 public:
  // `on_watching(true)` comes each time the listener has registered with the server, and is followed by a Signal for
  // everything; `on_watching(false)` when it is no longer heard.
  Listener(Loop& loop, std::string database_url, std::function<void(bool watching)> on_watching,
           std::function<void(const Signal&)> on_signal);
  ~Listener();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor::live
