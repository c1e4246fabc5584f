// The whole path of an operation in one function: text -> AST -> validated operation -> plan -> SQL.
// What runs afterwards (execute, live) needs only the result.
#pragma once

#include <rapidjson/document.h>

#include <memory>
#include <string>
#include <string_view>

#include "limits.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor {

// One GraphQL request, borrowed from the body that carried it.
struct Request {
  std::string_view query;
  std::string_view operation_name;              // empty: none given
  const rapidjson::Value* variables = nullptr;  // null, or an object
};

// Throws Error. Pure: no I/O, safe on any thread.
std::shared_ptr<const sql::Compiled> Compile(const schema::Schema& schema, const Request& request,
                                             const Limits& limits);

}  // namespace threefactor
