#include "message/headers.hpp"

#include <idn2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

#include "text/text.hpp"

namespace threefactor::delivery {

namespace {

constexpr std::size_t kMostUrl = 8192;
constexpr std::size_t kMostHeaderValue = 8192;

// Set by us, or by libcurl for the connection's sake. sql/checks.sql refuses them where an event trigger is made.
constexpr std::array<std::string_view, 21> kReserved = {"content-type",
                                                        "user-agent",
                                                        "idempotency-key",
                                                        "webhook-id",
                                                        "webhook-timestamp",
                                                        "webhook-signature",
                                                        "threefactor-attempt",
                                                        "traceparent",
                                                        "origin",
                                                        "host",
                                                        "content-length",
                                                        "transfer-encoding",
                                                        "connection",
                                                        "keep-alive",
                                                        "expect",
                                                        "te",
                                                        "trailer",
                                                        "upgrade",
                                                        "content-encoding",
                                                        "proxy-authorization",
                                                        "proxy-connection"};

bool IsReserved(const std::string& lower) {
  return lower.starts_with("ce-") || std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool IsToken(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) || kMarks.find(static_cast<char>(c)) != std::string_view::npos);
  });
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

// The string member `name` of a flat JSON object; empty when there is none.
std::string_view Member(std::string_view json, std::string_view name) {
  const auto at = json.find('"' + std::string(name) + '"');
  if (at == std::string_view::npos) return {};
  const auto colon = json.find_first_not_of(" \t\r\n", at + name.size() + 2);
  if (colon == std::string_view::npos || json[colon] != ':') return {};
  const auto open = json.find_first_not_of(" \t\r\n", colon + 1);
  if (open == std::string_view::npos || json[open] != '"') return {};
  const auto close = json.find('"', open + 1);
  if (close == std::string_view::npos) return {};
  return json.substr(open + 1, close - open - 1);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

// With what no URL may hold as it is in the form %XX: the bytes of characters beyond ASCII, and " < >. What is in that
// form already is kept.
std::string PercentEncoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && c != '"' && c != '<' && c != '>')
      encoded += c;
    else
      encoded.append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
  return encoded;
}

// As DNS knows it (IDNA2008), whatever the locale of the database is: libcurl would go by that.
std::string AsciiHost(const std::string& host) {
  if (IsAscii(host)) return host;
  std::uint8_t* ascii = nullptr;
  const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(host.c_str()), &ascii,
                                  IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (code != IDN2_OK)
    throw CannotPost(std::string("the webhook's host is not an international domain name: ") + idn2_strerror(code));
  const std::unique_ptr<void, void (*)(void*)> owner(ascii, idn2_free);
  return reinterpret_cast<const char*>(ascii);
}

// scheme://[user@]host[:port] and what follows, in ASCII.
std::string AsciiUrl(std::string_view url) {
  if (url.find_first_of("\"<>") == std::string_view::npos && IsAscii(url)) return std::string(url);
  const auto authority = std::min(url.find("://") + 3, url.size());
  const auto path = std::min(url.find_first_of("/?", authority), url.size());
  const auto user = url.substr(authority, path - authority).rfind('@');
  const auto host = user == std::string_view::npos ? authority : authority + user + 1;
  const auto port = std::min(url.substr(0, path).find(':', host), path);
  if (IsAscii(url.substr(host, path - host)))
    return PercentEncoded(url.substr(0, host)) + std::string(url.substr(host, path - host)) +
           PercentEncoded(url.substr(path));
  return PercentEncoded(url.substr(0, host)) + AsciiHost(std::string(url.substr(host, port - host))) +
         std::string(url.substr(port, path - port)) + PercentEncoded(url.substr(path));
}

// `text` as `digits` hexadecimal digits, zeros put before; empty when it is none or all zeros.
std::string HexNumber(std::string_view text, std::size_t digits) {
  if (text.size() > digits || text.find_first_not_of('0') == std::string_view::npos) return {};
  std::string number = std::string(digits - text.size(), '0') + Lower(text);
  return number.find_first_not_of("0123456789abcdef") == std::string::npos ? number : std::string();
}

}  // namespace

Environment::Environment(std::string_view patterns, Lookup lookup) : lookup_(std::move(lookup)) {
  while (!patterns.empty()) {
    const auto comma = std::min(patterns.find(','), patterns.size());
    if (const auto pattern = Trim(patterns.substr(0, comma)); !pattern.empty()) patterns_.emplace_back(pattern);
    patterns.remove_prefix(std::min(comma + 1, patterns.size()));
  }
}

std::string Environment::Value(std::string_view name) const {
  const bool allowed = std::any_of(patterns_.begin(), patterns_.end(), [&](std::string_view pattern) {
    if (pattern.back() == '*') return name.starts_with(pattern.substr(0, pattern.size() - 1));
    return name == pattern;
  });
  const std::string quoted(name);
  if (!allowed) throw CannotPost("environment variable " + quoted + " is not in threefactor.environment_variables");
  const char* value = lookup_(quoted.c_str());
  if (!value) throw CannotPost("environment variable " + quoted + " is not set for the server");
  return value;
}

std::string ExpandUrl(std::string_view webhook, const Environment& environment) {
  std::string url;
  while (!webhook.empty()) {
    const auto open = std::min(webhook.find("{{"), webhook.size());
    url += webhook.substr(0, open);
    webhook.remove_prefix(open);
    if (webhook.empty()) break;
    const auto close = webhook.find("}}");
    if (close == std::string_view::npos) throw CannotPost("the webhook has {{ without }}");
    url += environment.Value(Trim(webhook.substr(2, close - 2)));
    webhook.remove_prefix(close + 2);
  }
  url.resize(std::min(url.find('#'), url.size()));  // a fragment is not sent
  if (HasControl(url) || url.find_first_of(" \t") != std::string::npos)
    throw CannotPost("the webhook's URL has a space or control character");
  const std::string scheme = Lower(url.substr(0, 8));
  if (!scheme.starts_with("http://") && !scheme.starts_with("https://"))
    throw CannotPost("the webhook's URL does not begin with http:// or https://");
  url = AsciiUrl(url);
  if (url.size() > kMostUrl) throw CannotPost("the webhook's URL is too long");
  return url;
}

std::string TraceParent(const OptionalText& trace_context, const UuidBytes& key) {
  const std::string_view context = trace_context ? std::string_view(*trace_context) : std::string_view();
  const std::string trace = HexNumber(Member(context, "trace_id"), 32);
  const std::string span = HexNumber(Member(context, "span_id"), 16);
  if (trace.empty() || span.empty()) {
    std::string digits = UuidText(key);
    std::erase(digits, '-');
    return "00-" + digits + '-' + digits.substr(16) + "-01";
  }
  return "00-" + trace + '-' + span + (Member(context, "sampling_state") == "0" ? "-00" : "-01");
}

std::vector<std::string> MakeHeaders(const Definition& definition, const Environment& environment,
                                     const HeaderContext& context) {
  const std::string key = UuidText(context.key);
  const std::string timestamp = std::to_string(context.now);
  std::vector<std::string> headers = {
      "Content-Type: " + context.content.type,
      "Idempotency-Key: \"" + key + '"',
      "webhook-id: " + key,
      "webhook-timestamp: " + timestamp,
      "Threefactor-Attempt: " + std::to_string(context.attempt),
      "traceparent: " + TraceParent(context.trace_context, context.key),
  };
  if (!definition.secrets.empty()) {
    std::string& signatures = headers.emplace_back("webhook-signature:");
    for (const SigningKey& secret : definition.secrets)
      signatures += ' ' + secret.Sign(key, timestamp, context.content.body);
  }
  headers.insert(headers.end(), context.content.headers.begin(), context.content.headers.end());
  for (const HeaderRule& rule : definition.headers) {
    if (!IsToken(rule.name)) throw CannotPost("'" + rule.name + "' is not a name for a header");
    if (IsReserved(Lower(rule.name))) continue;
    const std::string value = rule.from_environment ? environment.Value(rule.value) : rule.value;
    if (HasControl(value)) throw CannotPost("the value of header " + rule.name + " has a control character");
    if (value.size() > kMostHeaderValue) throw CannotPost("the value of header " + rule.name + " is too long");
    // libcurl takes "Name;" for a header without a value and "Name:" for one to leave out.
    headers.push_back(Trim(value).empty() ? rule.name + ';' : rule.name + ": " + value);
  }
  return headers;
}

}  // namespace threefactor::delivery
