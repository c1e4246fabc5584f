// Who asks, of requests that have no admin secret: by a token, by the webhook, or nobody (the unauthorized role).
// One per event loop, on whose thread all is called; key sets and HTTP client are those of all loops.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/claims.hpp"
#include "auth/configuration.hpp"
#include "auth/hook_answer.hpp"
#include "auth/hook_request.hpp"
#include "auth/key_sets.hpp"
#include "auth/presented.hpp"
#include "auth/seen.hpp"
#include "base/error.hpp"
#include "base/session.hpp"
#include "loop/loop.hpp"
#include "options/options.hpp"

namespace threefactor::auth {

struct Refusal {
  Error error;
  int status = 400;  // of HTTP, where the endpoint tells by it
};
using Outcome = std::variant<Identity, Refusal>;
using Done = std::function<void(Outcome)>;

// A request, as far as it says who asks; borrowed for the time of the call.
struct Question {
  const Headers& headers;
  const Headers& spellings;       // of names, for the webhook (hook_request.hpp); may be empty
  std::string_view request = {};  // of GraphQL, as JSON; empty: there is none
};

class Authenticator {
 public:
  // All outlive it. `client` is stopped, and the loop ends, before it goes.
  Authenticator(Loop& loop, const Options& options, KeySets& keys, HttpClient& client, std::size_t cache_bytes);
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  // The webhook is to see the request of GraphQL too, not only its headers.
  bool NeedsRequest() const;
  // Calls `done` once: before it returns where nothing has to be fetched, else later on the loop.
  void Authenticate(const Question& question, const Done& done);

 private:
  // A token that was verified.
  struct Proven {
    std::size_t issuer = 0;
    std::uint64_t generation = 0;  // of the keys
    std::int64_t from = 0;         // seconds since 1970, as the next; it is valid from the first, up to the second
    std::int64_t until = 0;
    Claims claims;
  };
  // What waits for keys.
  struct Waiting {
    std::string token;
    std::vector<std::size_t> issuers;
    std::string role;
    Done done;
  };

  void ByToken(const Headers& headers, const Done& done);
  void ByHook(const Question& question, const Done& done);
  Outcome OfNobody(const Headers& headers) const;
  std::variant<std::monostate, Outcome> Prove(std::string_view token, const std::vector<std::size_t>& issuers,
                                              std::string_view role, bool may_wait, std::size_t& lacks_keys);
  const Claims* FindProven(const Digest& digest, const std::vector<std::size_t>& issuers, std::int64_t now);
  void WaitForKeys(Waiting waiting, std::size_t issuer);
  void Retry(std::uint64_t number);
  void OnHookAnswer(std::uint64_t number, const Digest& digest, const HttpAnswer& answer);
  void LogHookFailure(std::string_view why);

  Loop& loop_;
  const Options& options_;
  KeySets& keys_;
  HttpClient& client_;
  Seen<Proven> proven_;
  Seen<HookAnswer> answers_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Waiting> waiting_;
  std::map<std::uint64_t, Done> asked_;  // of the webhook
  Loop::Clock::time_point last_log_;
};

}  // namespace threefactor::auth
