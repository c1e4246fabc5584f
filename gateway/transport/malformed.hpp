// What is thrown for a request whose form is wrong, before anybody looks at what it asks.
#pragma once

#include <string>

#include "base/error.hpp"

namespace threefactor::transport {

// Answered with its status, whatever the path.
struct Malformed {
  int status;
  Error error;

  // Further lines of the answer.
  std::string headers() const;
};

}  // namespace threefactor::transport
