// Reading the JSON of GraphQL requests over HTTP.
#pragma once

#include <httplib.h>

#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/request.hpp"
#include "cache/documents.hpp"
#include "transport/malformed.hpp"

namespace threefactor::api {

// Throws Malformed, 415: only application/json may be posted, for which a browser asks with a preflight. A form of
// another site's page cannot send it.
void CheckContentType(const httplib::Request& request);

// All throw Malformed. `what`: what is parsed, for the message.
JsonDocument ReadJson(std::string_view text, std::string_view what);
// Members that may be absent or null; then empty, without data, or null.
std::string_view StringMember(const Json& object, const char* name);
const Json* AsObject(const Json& value, const char* name);
const Json* ObjectMember(const Json& object, const char* name);

// {"query", "variables", "operationName", "extensions", "documentId"}, borrowed from `value`, each key at most once.
// Throws Error, too, where the document is not there.
Request ReadRequest(const Json& value, cache::Documents& documents);
// Which document is meant: sets the request's, whose query is what was sent.
void ResolveDocument(Request& request, cache::Documents& documents, std::string_view id, const Json* extensions);

}  // namespace threefactor::api
