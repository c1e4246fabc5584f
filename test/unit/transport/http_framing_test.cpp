#include "transport/http_framing.hpp"

#include <catch2/catch.hpp>

using threefactor::transport::RequestFraming;
using State = RequestFraming::State;

namespace {

const std::string kSized = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
const std::string kChunked =
    "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\nTrailer: t\r\n\r\n";

// Feeds the text in pieces of `step` bytes; the state after the last.
State Feed(RequestFraming& framing, const std::string& text, std::size_t step) {
  State state = State::kIncomplete;
  for (std::size_t size = std::min(step, text.size());; size = std::min(size + step, text.size())) {
    state = framing.Advance(std::string_view(text).substr(0, size));
    if (state != State::kIncomplete || size == text.size()) return state;
  }
}

int FailureOf(const std::string& text, RequestFraming::Limits limits = {}) {
  RequestFraming framing(limits);
  return framing.Advance(text) == State::kFailed ? framing.failure_status() : 0;
}

}  // namespace

TEST_CASE("a request is whole at its last byte, whatever pieces it comes in", "[http]") {
  for (const std::string& text : {kSized, kChunked}) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, text.size()}) {
      RequestFraming framing({});
      CHECK(Feed(framing, text.substr(0, text.size() - 1), step) == State::kIncomplete);
      REQUIRE(framing.Advance(text) == State::kComplete);
      CHECK(framing.Body(text) == "hello");
      CHECK(framing.size() == text.size());
      CHECK(framing.Head(text).ends_with("\r\n\r\n"));
      CHECK(framing.keep_alive());
    }
  }
}

TEST_CASE("chunks that were read need not be kept", "[http]") {
  RequestFraming framing({});
  std::string text = kChunked.substr(0, kChunked.find("hel") + 2);
  const std::size_t head = text.find("\r\n\r\n") + 4;
  REQUIRE(framing.Advance(text) == State::kIncomplete);
  CHECK(framing.body_size() >= 2);
  text.erase(head, framing.ForgetChunks());
  CHECK(text.size() == head);
  CHECK(framing.ForgetChunks() == 0);
  text += kChunked.substr(kChunked.find("hel") + 2) + "GET /";
  REQUIRE(framing.Advance(text) == State::kComplete);
  CHECK(framing.Body(text) == "hello");
  CHECK(text.substr(framing.size()) == "GET /");
}

TEST_CASE("a body in chunks takes little more than its bytes, and says how much", "[http]") {
  RequestFraming framing({});
  const std::string head = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string text = head;
  std::size_t sent = 0;
  for (int i = 0; i < 100; ++i) {
    text += "fff\r\n" + std::string(0xfff, 'a') + "\r\n";
    sent += 0xfff;
    REQUIRE(framing.Advance(text) == State::kIncomplete);
    text.erase(head.size(), framing.ForgetChunks());
    CHECK(framing.body_size() >= sent);
    CHECK(framing.body_size() <= sent + sent / 4 + 16);
  }
}

TEST_CASE("what follows a request belongs to the next", "[http]") {
  for (const std::string& first : {kSized, kChunked}) {
    const std::string text = first + "GET /next HTTP/1.1\r\n\r\n";
    RequestFraming framing({});
    REQUIRE(framing.Advance(text) == State::kComplete);
    CHECK(framing.size() == first.size());
    framing.Reset();
    const std::string_view rest = std::string_view(text).substr(first.size());
    REQUIRE(framing.Advance(rest) == State::kComplete);
    CHECK(framing.Body(rest).empty());
    CHECK(framing.size() == rest.size());
  }
}

TEST_CASE("control characters are refused, but for the tab", "[http]") {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t') continue;
    INFO(c);
    CHECK(FailureOf("GET / HTTP/1.1\r\nX: a" + std::string(1, static_cast<char>(c)) + "b\r\n\r\n") == 400);
  }
  CHECK(FailureOf("GET / HTTP/1.1\r\nX: a\x7f\r\n\r\n") == 400);
  CHECK(FailureOf("GET / HTTP/1.1\r\nX: a\r\n continued\r\n\r\n") == 400);
  CHECK(FailureOf("GET /\x01 HTTP/1.1\r\n\r\n") == 400);
  CHECK(FailureOf("GET / HTTP/1.1\r\nX: a\tb \x80\r\n\r\n") == 0);
}

TEST_CASE("the connection is kept as version and header say", "[http]") {
  const auto keeps = [](const std::string& text) {
    RequestFraming framing({});
    REQUIRE(framing.Advance(text) == State::kComplete);
    return framing.keep_alive();
  };
  CHECK(keeps("GET / HTTP/1.1\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.1\r\nConnection: foo, close\r\n\r\n"));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  CHECK(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_CASE("sizes are limited, before the bytes come where they are announced", "[http]") {
  const RequestFraming::Limits limits{.head_bytes = 100, .body_bytes = 10};
  CHECK(FailureOf(std::string("GET /") + std::string(200, 'x'), limits) == 431);
  CHECK(FailureOf("GET / HTTP/1.1\r\nX: " + std::string(200, 'x') + "\r\n\r\n", limits) == 431);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", limits) == 413);
  CHECK(FailureOf("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nB\r\n", limits) == 413);
  CHECK(FailureOf("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n", limits) == 413);
  CHECK(FailureOf("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", limits) == 413);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n", limits) == 0);
}

TEST_CASE("requests whose borders could be understood in two ways are refused", "[http]") {
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nContent-Length : 5\r\n\r\n") == 400);
  CHECK(FailureOf("GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n") == 400);
  CHECK(FailureOf("GET / HTTP/1.1\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(FailureOf("GET / HTTP/1.1\r\nno colon\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n") == 501);
  CHECK(FailureOf("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n") == 501);
  CHECK(FailureOf("GET / HTTP/2.0\r\n\r\n") == 505);
  CHECK(FailureOf("nonsense\r\n\r\n") == 400);
  CHECK(FailureOf("POST / HTTP/1.1\r\nExpect: magic\r\n\r\n") == 417);
  CHECK(FailureOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  const std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(FailureOf(chunked + "zz\r\n") == 400);
  CHECK(FailureOf(chunked + "-1\r\n") == 400);
  CHECK(FailureOf(chunked + "1\r\nab\r\n") == 400);
  CHECK(FailureOf(chunked + std::string(300, '1')) == 400);
}

TEST_CASE("an expectation shows as soon as the head is there", "[http]") {
  RequestFraming framing({});
  REQUIRE(framing.Advance("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n") ==
          State::kIncomplete);
  CHECK(framing.has_head());
  CHECK(framing.expects_continue());
}
