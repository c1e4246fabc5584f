#include "api/request_text.hpp"

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "transport/content_coding.hpp"
#include "transport/http_message.hpp"

namespace threefactor::api {

std::string RequestText(const Service& service, const transport::Admittance& request) {
  if (request.body) {
    const transport::DecodedBody body(*request.body, transport::HeaderOf(request.parsed, "content-encoding"),
                                      service.options.max_body_bytes, request.share);
    try {
      return WriteJson(ParseJson(body.text(), "it").root());
    } catch (const Error&) {
      return {};
    }
  }
  const auto json = [&request](const char* name) {
    const auto found = request.parsed.params.find(name);
    return found == request.parsed.params.end() ? std::string_view() : std::string_view(found->second);
  };
  JsonDocument variables;
  try {
    if (!json("variables").empty()) variables = ParseJson(json("variables"), "it");
  } catch (const Error&) {
    return {};
  }
  JsonWriter writer;
  writer.StartObject();
  for (const char* name : {"query", "operationName"}) {
    writer.Key(name);
    writer.String(json(name));
  }
  const std::string text = WriteJson(variables.root());
  writer.Key("variables");
  writer.Raw(text);
  writer.EndObject();
  return writer.Take();
}

}  // namespace threefactor::api
