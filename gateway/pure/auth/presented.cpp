#include "auth/presented.hpp"

#include <algorithm>

#include "auth/session_variables.hpp"
#include "base/error.hpp"

namespace threefactor::auth {

namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view BearerToken(std::string_view header) {
  const std::string_view value = Trimmed(header);
  const std::size_t blank = value.find(' ');
  const std::string_view token = blank == std::string_view::npos ? "" : Trimmed(value.substr(blank));
  if (LowerCase(value.substr(0, blank)) != "bearer" || token.empty() || token.find(' ') != std::string_view::npos)
    throw Error(code::kInvalidHeaders, "Malformed Authorization header");
  return token;
}

// RFC 6265, section 4.2. An empty one counts as none: so logouts leave it.
std::optional<std::string_view> CookieNamed(std::string_view header, std::string_view name) {
  std::optional<std::string_view> found;
  while (!header.empty()) {
    const std::string_view pair = Trimmed(header.substr(0, header.find(';')));
    header.remove_prefix(std::min(header.find(';'), header.size() - 1) + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || Trimmed(pair.substr(0, equals)) != name) continue;
    // Another site of the same domain can set a second one, and who reads them may differ on which counts.
    if (found) throw Error(code::kInvalidHeaders, "the cookie " + std::string(name) + " is given more than once");
    std::string_view value = Trimmed(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    found = value;
  }
  return found && !found->empty() ? found : std::nullopt;
}

}  // namespace

std::optional<std::string_view> PresentedToken(const Headers& headers, const TokenPlace& place) {
  const auto find = [&](const std::string& name) -> const std::string* {
    const auto found = headers.find(name);
    return found == headers.end() ? nullptr : &found->second;
  };
  switch (place.kind) {
    case TokenPlace::Kind::kAuthorization: {
      const std::string* header = find("authorization");
      return header == nullptr ? std::nullopt : std::optional(BearerToken(*header));
    }
    case TokenPlace::Kind::kCookie: {
      const std::string* header = find("cookie");
      return header == nullptr ? std::nullopt : CookieNamed(*header, place.name);
    }
    case TokenPlace::Kind::kHeader:
      break;
  }
  const std::string* header = find(place.name);
  return header == nullptr ? std::nullopt : std::optional(Trimmed(*header));
}

}  // namespace threefactor::auth
