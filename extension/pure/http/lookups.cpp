#include "http/lookups.hpp"

#include <algorithm>
#include <utility>

namespace threefactor::delivery {

namespace {
constexpr std::chrono::seconds kKnown{50};  // less than the 60 of libcurl's cache
}

Lookups::Role Lookups::Admit(const std::string& host, HttpRequest& request, Clock::time_point now) {
  Host& known = hosts_[host];
  if (now < known.known_until) return Role::kFree;
  if (known.looked_up) {
    known.held.push_back(std::move(request));
    return Role::kHeld;
  }
  known.looked_up = true;
  return Role::kLooksUp;
}

std::vector<HttpRequest> Lookups::Release(const std::string& host, bool known, Clock::time_point now) {
  Host released = std::move(hosts_.at(host));
  hosts_.erase(host);
  if (known) hosts_[host].known_until = now + kKnown;
  return std::move(released.held);
}

std::string HostToLookUp(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (const auto user = authority.rfind('@'); user != std::string_view::npos) authority.remove_prefix(user + 1);
  if (authority.starts_with('[')) return {};
  const std::string_view host = authority.substr(0, authority.find(':'));
  if (host.find_first_not_of("0123456789.") == std::string_view::npos) return {};
  return std::string(host);
}

}  // namespace threefactor::delivery
