#include "transport/http_message.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <strings.h>

#include <algorithm>

namespace threefactor::transport {

namespace {

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && strncasecmp(text.data(), start.data(), start.size()) == 0;
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

std::string MakeHead(const Reply& reply, std::string_view date, std::string_view connection_headers, bool keep_alive) {
  std::string head;
  head.reserve(256 + connection_headers.size() + reply.headers.size());
  const auto out = std::back_inserter(head);
  fmt::format_to(out, FMT_COMPILE("HTTP/1.1 {} {}\r\nDate: {}\r\n"), reply.status, ReasonOf(reply.status), date);
  if (reply.status != 204)
    fmt::format_to(out, FMT_COMPILE("Content-Type: {}\r\nContent-Length: {}\r\n"), reply.content_type,
                   reply.BodySize());
  if (!keep_alive) head.append("Connection: close\r\n");
  head.append(connection_headers).append(reply.headers).append("\r\n");
  return head;
}

Reply ErrorReply(int status, const Error& error) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key("path");
  writer.String(error.path());
  writer.Key("error");
  writer.String(error.message());
  writer.Key("code");
  writer.String(error.code());
  if (!error.internal().empty()) {
    writer.Key("internal");
    writer.RawValue(error.internal().data(), error.internal().size(), rapidjson::kObjectType);
  }
  writer.EndObject();
  Reply reply;
  reply.status = status;
  reply.body.assign(buffer.GetString(), buffer.GetSize());
  return reply;
}

std::map<std::string, std::string> LowerCaseHeaders(const httplib::Request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) headers[LowerCase(name)] = value;
  return headers;
}

std::map<std::string, std::string> IdentityHeaders(const httplib::Request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers)
    if (StartsWithIgnoringCase(name, "x-hasura-") || StartsWithIgnoringCase(name, "authorization") ||
        StartsWithIgnoringCase(name, "cookie"))
      headers[LowerCase(name)] = value;
  return headers;
}

}  // namespace threefactor::transport
