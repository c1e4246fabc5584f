// The keys of every issuer: those that the configuration names, and JWK sets that are fetched from their URL, kept as
// long as the issuer says, and fetched again, off the event loops. Keys once fetched are used until others come, also
// while their server is down. Redirects are followed within the URL's scheme, host and port, or from http to https of
// the same host.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/configuration.hpp"
#include "auth/http_client.hpp"

namespace threefactor::auth {

struct KeySet {
  std::vector<Key> keys;
  std::uint64_t generation = 0;  // another one with every change
  bool is_here = false;          // false: they were not fetched yet
};

class KeySets {
 public:
  // Both outlive this; `client` is stopped before this goes.
  KeySets(const std::vector<JwtConfiguration>& configurations, HttpClient& client);
  ~KeySets();
  KeySets(const KeySets&) = delete;
  KeySets& operator=(const KeySets&) = delete;

  void Start();  // the client must have been started

  // `issuer`: the number of its configuration. Never null. Any thread.
  std::shared_ptr<const KeySet> Get(std::size_t issuer) const;
  // For a token whose key is not there: fetches the set again. Calls `done` on the client's thread once that has ended,
  // whatever came of it. False: it was fetched just now, or has no URL, and `done` is never called. Any thread.
  bool Refresh(std::size_t issuer, std::function<void()> done);

 private:
  struct Source;

  void Fetch(Source& source);
  void Request(Source& source, const std::string& url, int redirects);
  void OnAnswer(Source& source, const std::string& url, int redirects, const HttpAnswer& answer);
  void FetchLater(Source& source, std::chrono::seconds delay);

  HttpClient& client_;
  std::vector<std::unique_ptr<Source>> sources_;  // one for each configuration
};

// Whether a redirect from one URL to the other is followed. Pure.
bool MayRedirect(const std::string& from, const std::string& to);

}  // namespace threefactor::auth
