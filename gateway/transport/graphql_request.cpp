#include "transport/graphql_request.hpp"

#include <fmt/format.h>

#include <utility>

#include "json.hpp"
#include "transport/body_budget.hpp"
#include "transport/header_values.hpp"

namespace threefactor::transport {

std::string Malformed::headers() const {
  switch (status) {
    case 405:
      return "Allow: POST\r\n";
    case 415:
      return "Accept: application/json\r\nAccept-Encoding: gzip, identity\r\n";
    case 503:
      return std::string(kRetryAfter);
    default:
      return {};
  }
}

void CheckContentType(const httplib::Request& request) {
  const auto [first, last] = request.headers.equal_range("content-type");
  if (std::distance(first, last) == 1) {
    const std::string_view type = first->second;
    if (EqualsIgnoringCase(Trimmed(type.substr(0, type.find(';'))), "application/json")) return;
  }
  throw Malformed{415, Error(code::kBadRequest, "send the header Content-Type: application/json")};
}

std::string_view StringMember(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || member->value.IsNull()) return {};
  if (!member->value.IsString())
    throw Malformed{400, Error(code::kBadRequest, fmt::format("\"{}\" must be a string", name))};
  return {member->value.GetString(), member->value.GetStringLength()};
}

const rapidjson::Value* ObjectMember(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || member->value.IsNull()) return nullptr;
  if (!member->value.IsObject())
    throw Malformed{400, Error(code::kBadRequest, fmt::format("\"{}\" must be an object", name))};
  return &member->value;
}

// Which document is meant. A wrong way of naming one is a malformed request; that it is not there is an answer.
void ResolveDocument(Request& request, cache::Documents& documents, std::string_view id,
                     const rapidjson::Value* extensions) {
  try {
    cache::Document document = documents.Resolve(request.query, id, extensions);
    request.query = document.text;
    request.query_owner = std::move(document.owner);
  } catch (const Error& error) {
    if (error.code() == code::kBadRequest) throw Malformed{400, error};
    throw;
  }
}

Request ReadRequest(const rapidjson::Value& value, cache::Documents& documents) {
  if (!value.IsObject()) throw Malformed{400, Error(code::kBadRequest, "a request is a JSON object")};
  Request request;
  request.query = StringMember(value, "query");
  request.operation_name = StringMember(value, "operationName");
  request.variables = ObjectMember(value, "variables");
  ResolveDocument(request, documents, StringMember(value, "documentId"), ObjectMember(value, "extensions"));
  return request;
}

rapidjson::Document ReadJson(std::string_view text, std::string_view what) {
  try {
    return ParseJson(text, what);
  } catch (const Error& error) {
    throw Malformed{400, error};
  }
}

}  // namespace threefactor::transport
