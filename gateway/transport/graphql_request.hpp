// Reading the JSON of GraphQL requests over HTTP.
#pragma once

#include <httplib.h>
#include <rapidjson/document.h>

#include <string_view>

#include "cache/documents.hpp"
#include "error.hpp"
#include "request.hpp"

namespace threefactor::transport {

// A request that is not GraphQL over HTTP at all: answered with its status whatever the path.
struct Malformed {
  int status;
  Error error;

  // Further lines of the answer.
  std::string headers() const;
};

// Throws Malformed, 415: only application/json may be posted, for which a browser asks with a preflight. A form of
// another site's page cannot send it.
void CheckContentType(const httplib::Request& request);

// All throw Malformed. `what`: what is parsed, for the message.
rapidjson::Document ReadJson(std::string_view text, std::string_view what);
// Members that may be absent or null; then empty, without data, or null.
std::string_view StringMember(const rapidjson::Value& object, const char* name);
const rapidjson::Value* ObjectMember(const rapidjson::Value& object, const char* name);

// {"query", "variables", "operationName", "extensions", "documentId"}, borrowed from `value`. Throws Error, too, where
// the document is not there.
Request ReadRequest(const rapidjson::Value& value, cache::Documents& documents);
// Which document is meant: sets the request's, whose query is what was sent.
void ResolveDocument(Request& request, cache::Documents& documents, std::string_view id,
                     const rapidjson::Value* extensions);

}  // namespace threefactor::transport
