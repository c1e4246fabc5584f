#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "targets.hpp"
#include "transport/http_framing.hpp"
#include "transport/http_router.hpp"
#include "transport/web_origin.hpp"

namespace threefactor::fuzz {

namespace {

using transport::RequestFraming;
using State = RequestFraming::State;

struct Outcome {
  State state;
  std::size_t size = 0;
  std::string body;
  int failure = 0;
  bool operator==(const Outcome&) const = default;
};

// Of the first request in `stream`, which arrives in pieces of `step` bytes.
Outcome Frame(std::string_view stream, std::size_t step) {
  RequestFraming framing({.head_bytes = 4096, .body_bytes = 4096});
  for (std::size_t size = std::min(step, stream.size());; size = std::min(size + step, stream.size())) {
    const State state = framing.Advance(stream.substr(0, size));
    if (state == State::kFailed) return {state, 0, "", framing.failure_status()};
    if (state == State::kComplete) {
      return {state, framing.size(), std::string(framing.Body(stream)), 0};
    }
    if (size == stream.size()) return {state, 0, "", 0};
  }
}

class TestRouter {
 public:
  TestRouter() {
    router_.Get("/v1/graphql", {});
    router_.Post("/v1/graphql", {});
    router_.Options({});
  }

  void Read(std::string_view head) {
    const auto read = router_.Read(head);
    Require(read->endpoint != nullptr || read->refusal.status >= 400);
    for (const auto& [name, value] : read->request.headers) Require(head.find(value) != std::string_view::npos);
    transport::JudgeOrigin(read->request.headers, {});
    try {
      transport::LowerCaseHeaders(read->request);
    } catch (const Error& error) {
      Require(error.code() == code::kAccessDenied);
    }
  }

 private:
  transport::Router router_;
};

}  // namespace

void Http(std::string_view input) {
  if (input.size() > 1 << 14) return;
  static TestRouter router;
  while (!input.empty()) {
    const Outcome whole = Frame(input, input.size());
    Require(whole == Frame(input, 1) && whole == Frame(input, 7));
    if (whole.state != State::kComplete) return;
    Require(whole.size > 0 && whole.size <= input.size() && whole.body.size() <= 4096);
    RequestFraming framing({.head_bytes = 4096, .body_bytes = 4096});
    framing.Advance(input);
    router.Read(framing.Head(input));
    input.remove_prefix(whole.size);
  }
}

}  // namespace threefactor::fuzz
