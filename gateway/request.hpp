// One GraphQL request, borrowed from the body that carried it.
#pragma once

#include <rapidjson/document.h>

#include <string_view>

namespace threefactor {

struct Request {
  std::string_view query;
  std::string_view operation_name;              // empty: none given
  const rapidjson::Value* variables = nullptr;  // null, or an object
};

}  // namespace threefactor
