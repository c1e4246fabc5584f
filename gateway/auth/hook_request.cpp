#include "auth/hook_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "auth/hook_answer.hpp"
#include "base/error.hpp"
#include "base/json_writer.hpp"

namespace threefactor::auth {

namespace {

// Hasura's list, and those of the connection and its upgrade, which are not the next one's.
constexpr std::array<std::string_view, 26> kNotForwarded = {"accept",
                                                            "accept-datetime",
                                                            "accept-encoding",
                                                            "accept-language",
                                                            "cache-control",
                                                            "connection",
                                                            "content-encoding",
                                                            "content-length",
                                                            "content-md5",
                                                            "content-type",
                                                            "dnt",
                                                            "expect",
                                                            "host",
                                                            "keep-alive",
                                                            "origin",
                                                            "proxy-authorization",
                                                            "proxy-connection",
                                                            "referer",
                                                            "te",
                                                            "trailer",
                                                            "transfer-encoding",
                                                            "upgrade",
                                                            "user-agent",
                                                            "sec-websocket-key",
                                                            "sec-websocket-extensions",
                                                            "sec-websocket-version"};

bool IsForwarded(std::string_view name) {
  return std::find(kNotForwarded.begin(), kNotForwarded.end(), name) == kNotForwarded.end();
}

// Headers of connection_init are any text.
void CheckHeader(std::string_view name, std::string_view value) {
  static constexpr std::string_view kFurther = "!#$%&'*+-.^_`|~";
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || kFurther.find(c) != std::string_view::npos;
  });
  const bool is_value =
      std::none_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
  if (!is_name || !is_value) throw Error(code::kInvalidHeaders, "a header has a name or value that HTTP cannot carry");
}

std::string Spelled(const std::string& name, const Headers& spellings) {
  if (const auto found = spellings.find(name); found != spellings.end()) return found->second;
  std::string spelled = name;
  bool is_first = true;
  for (char& c : spelled) {
    if (is_first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    is_first = c == '-';
  }
  return spelled;
}

std::string PostBody(const Options::AuthHook& hook, const Headers& headers, const Headers& spellings,
                     std::string_view request) {
  JsonWriter writer;
  writer.StartObject();
  writer.Key("headers");
  writer.StartObject();
  for (const auto& [name, value] : headers) {
    const std::string spelled = Spelled(name, spellings);
    writer.Key(spelled);
    writer.String(value);
  }
  writer.EndObject();
  if (hook.sends_request) {
    writer.Key("request");
    if (request.empty()) {
      writer.Null();
    } else {
      writer.Raw(request);
    }
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace

HttpFetch MakeHookRequest(const Options::AuthHook& hook, const Headers& headers, const Headers& spellings,
                          std::string_view request) {
  HttpFetch fetch;
  fetch.url = hook.url;
  fetch.most_bytes = kLargestHookAnswer;
  for (const auto& [name, value] : headers) CheckHeader(name, value);
  if (hook.is_post) {
    fetch.headers = {"Content-Type: application/json", "Expect:"};
    fetch.body = PostBody(hook, headers, spellings, request);
    return fetch;
  }
  for (const auto& [name, value] : headers)
    if (IsForwarded(name)) fetch.headers.push_back(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  return fetch;
}

}  // namespace threefactor::auth
