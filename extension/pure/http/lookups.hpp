// One name lookup at a time for each host. libcurl spends a thread on each, and cannot end one that hangs: so while one
// is under way, other requests to the same host wait for it, and share its outcome.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/request.hpp"

namespace threefactor::delivery {

class Lookups {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Role { kFree, kLooksUp, kHeld };

  // Before the request begins. kLooksUp: Release must follow, when its host has an address or it has ended without.
  // kHeld: the request was moved away, and comes out of that Release.
  Role Admit(const std::string& host, HttpRequest& request, Clock::time_point now);
  // What waited. `known`: libcurl has the address and keeps it for a minute.
  std::vector<HttpRequest> Release(const std::string& host, bool known, Clock::time_point now);

 private:
  struct Host {
    Clock::time_point known_until;
    bool looked_up = false;  // at the moment
    std::vector<HttpRequest> held;
  };
  std::unordered_map<std::string, Host> hosts_;
};

// The host in a URL; empty when it is an address, which nobody looks up.
std::string HostToLookUp(std::string_view url);

}  // namespace threefactor::delivery
