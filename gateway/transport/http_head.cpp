#include "transport/http_head.hpp"

#include <algorithm>

#include "base/characters.hpp"
#include "transport/header_values.hpp"

namespace threefactor::transport {

namespace {

std::string Decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

}  // namespace

RequestLine ReadRequestLine(std::string_view head) {
  RequestLine line;
  std::string_view rest = head.substr(0, head.find("\r\n"));
  const std::size_t method_end = std::min(rest.find(' '), rest.size());
  line.method = rest.substr(0, method_end);
  rest.remove_prefix(std::min(method_end + 1, rest.size()));
  const std::size_t target_end = std::min(rest.rfind(' '), rest.size());
  line.version = rest.substr(std::min(target_end + 1, rest.size()));
  std::string_view target = rest.substr(0, target_end);
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    line.authority = target.substr(0, end);
    target.remove_prefix(end);
    break;
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  line.path = question == 0 ? "/" : target.substr(0, question);
  line.query = target.substr(std::min(question + 1, target.size()));
  return line;
}

httplib::Headers ReadHeaders(std::string_view head) {
  httplib::Headers headers;
  std::size_t start = head.find("\r\n");
  while (start != std::string_view::npos) {
    start += 2;
    const std::size_t end = head.find("\r\n", start);
    const std::string_view line = head.substr(start, end == std::string_view::npos ? end : end - start);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
      headers.emplace(line.substr(0, colon), std::string(Trimmed(line.substr(colon + 1))));
    start = end;
  }
  return headers;
}

httplib::Params ReadParameters(std::string_view query) {
  httplib::Params parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    parameters.emplace(Decoded(pair.substr(0, equals)), Decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return parameters;
}

}  // namespace threefactor::transport
