#include "transport/http_message.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

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
    case 426:
      return "Upgrade Required";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// `name`: in lower case.
bool IsIdentity(std::string_view name) {
  return name.starts_with("x-hasura-") || name == "authorization";
}

}  // namespace

std::string Shortened(std::string_view text) {
  constexpr std::size_t kMost = 64;
  return text.size() <= kMost ? std::string(text) : std::string(text.substr(0, kMost)).append("...");
}

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
  Reply reply;
  reply.status = status;
  reply.body = ToApiErrorBody(error);
  return reply;
}

std::string_view HeaderOf(const httplib::Request& request, const char* name) {
  const auto header = request.headers.find(name);
  return header == request.headers.end() ? std::string_view() : std::string_view(header->second);
}

std::map<std::string, std::string> LowerCaseHeaders(const httplib::Request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    std::string key = LowerCase(name);
    if (IsIdentity(key) && headers.contains(key))
      throw Error(code::kAccessDenied, "the header " + Shortened(key) + " is given more than once");
    // RFC 9110, section 5.3: fields of one name are one list; RFC 6265, section 5.4, for cookies.
    const char* const separator = key == "cookie" ? "; " : ", ";
    const auto [header, is_new] = headers.try_emplace(std::move(key), value);
    if (!is_new) header->second.append(separator).append(value);
  }
  return headers;
}

}  // namespace threefactor::transport
