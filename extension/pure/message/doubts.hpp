// What would keep every delivery from being posted, as far as it shows without a request.
#pragma once

#include <string>
#include <vector>

#include "http/egress.hpp"
#include "message/headers.hpp"

namespace threefactor::delivery {

struct Doubt {
  std::string what;  // holds no value of a variable, nor any part of the URL
  std::string hint;
};

// Of a webhook, and of the environment variables that headers name: a variable that is not set or not allowed, a URL
// that is none once they are in it, an address literal or localhost that may not be connected to. Looks up no name.
// `egress`: null where a proxy connects.
std::vector<Doubt> DoubtsOf(const std::string& webhook, const std::vector<std::string>& variables,
                            const Environment& environment, const EgressRule* egress);

}  // namespace threefactor::delivery
