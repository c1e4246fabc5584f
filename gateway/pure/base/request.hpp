// One GraphQL request, borrowed from the body that carried it (a document that was named by its hash: from its owner).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace threefactor {

struct Request {
  std::string_view query;
  std::string_view operation_name;  // empty: none given
  const Json* variables = nullptr;  // null, or an object
  std::shared_ptr<const std::string> query_owner = nullptr;
};

}  // namespace threefactor
