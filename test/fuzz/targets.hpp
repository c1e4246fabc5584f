// What `make fuzz` feeds with bytes: each reads what somebody else wrote. An input may be refused, in the way its
// reader documents; anything else (another exception, a broken promise, what the sanitizers see) ends the process.
#pragma once

#include <cstdlib>
#include <span>
#include <string_view>

namespace threefactor::fuzz {

struct Target {
  std::string_view name;  // also of its corpus: test/fuzz/corpus/NAME
  void (*run)(std::string_view input);
};

std::span<const Target> Targets();

void Document(std::string_view input);      // GraphQL text
void Operation(std::string_view input);     // GraphQL text and JSON variables -> SQL
void Http(std::string_view input);          // a stream of HTTP requests
void WebSocket(std::string_view input);     // frames of a WebSocket
void Subscription(std::string_view input);  // messages of the subscription protocols, one a line
void Delivery(std::string_view input);      // what the extension reads: headers, schedules, settings, payloads

void Tokens(std::string_view input);  // tokens, JWK sets, their configuration, answers of the webhook

// A promise that holds for every input.
inline void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace threefactor::fuzz
