#include "api/graphql_request.hpp"

#include <fmt/format.h>

#include <utility>

#include "transport/body_budget.hpp"
#include "transport/header_values.hpp"

namespace threefactor::api {

void CheckContentType(const httplib::Request& request) {
  const auto [first, last] = request.headers.equal_range("content-type");
  if (std::distance(first, last) == 1) {
    const std::string_view type = first->second;
    if (transport::EqualsIgnoringCase(transport::Trimmed(type.substr(0, type.find(';'))), "application/json")) return;
  }
  throw transport::Malformed{415, Error(code::kBadRequest, "send the header Content-Type: application/json")};
}

namespace {

void CheckNames(const Json& object, std::string_view what) {
  try {
    RefuseRepeated(object, what);
  } catch (const Error& error) {
    throw transport::Malformed{400, error};
  }
}

}  // namespace

std::string_view StringMember(const Json& object, const char* name) {
  const Json* member = object.Find(name);
  if (member == nullptr || member->IsNull()) return {};
  if (!member->IsString())
    throw transport::Malformed{400, Error(code::kBadRequest, fmt::format("\"{}\" must be a string", name))};
  return member->Text();
}

const Json* AsObject(const Json& value, const char* name) {
  if (value.IsNull()) return nullptr;
  if (!value.IsObject())
    throw transport::Malformed{400, Error(code::kBadRequest, fmt::format("\"{}\" must be an object", name))};
  CheckNames(value, name);
  return &value;
}

const Json* ObjectMember(const Json& object, const char* name) {
  const Json* member = object.Find(name);
  return member == nullptr ? nullptr : AsObject(*member, name);
}

// Which document is meant. A wrong way of naming one is a malformed request; that it is not there is an answer.
void ResolveDocument(Request& request, cache::Documents& documents, std::string_view id, const Json* extensions) {
  try {
    cache::Document document = documents.Resolve(request.query, id, extensions);
    request.query = document.text;
    request.query_owner = std::move(document.owner);
  } catch (const Error& error) {
    if (error.code() == code::kBadRequest) throw transport::Malformed{400, error};
    throw;
  }
}

Request ReadRequest(const Json& value, cache::Documents& documents) {
  if (!value.IsObject()) throw transport::Malformed{400, Error(code::kBadRequest, "a request is a JSON object")};
  CheckNames(value, "the request");
  Request request;
  request.query = StringMember(value, "query");
  request.operation_name = StringMember(value, "operationName");
  request.variables = ObjectMember(value, "variables");
  ResolveDocument(request, documents, StringMember(value, "documentId"), ObjectMember(value, "extensions"));
  return request;
}

JsonDocument ReadJson(std::string_view text, std::string_view what) {
  try {
    return ParseJson(text, what);
  } catch (const Error& error) {
    throw transport::Malformed{400, error};
  }
}

}  // namespace threefactor::api
