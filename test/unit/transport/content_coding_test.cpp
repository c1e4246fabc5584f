#include "transport/content_coding.hpp"

#include <catch2/catch.hpp>

#include "transport/malformed.hpp"

using namespace threefactor::transport;

namespace {

std::string Gzip(std::string_view text, std::size_t piece) {
  GzipEncoder encoder(1);
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) encoder.Add(text.substr(0, piece), out);
  encoder.Finish(out);
  return out;
}

std::string Decoded(std::string_view body, std::string_view coding, std::size_t most) {
  BodyBudget budget(most);
  BodyShare share(budget);
  return std::string(DecodedBody(body, coding, most, share).text());
}

int StatusOf(std::string_view body, std::string_view coding, std::size_t most, std::size_t memory = 1 << 30) {
  BodyBudget budget(memory);
  BodyShare share(budget);
  try {
    const DecodedBody decoded(body, coding, most, share);
    return 200;
  } catch (const Malformed& malformed) {
    return malformed.status;
  }
}

}  // namespace

TEST_CASE("gzip is sent to who asks for it", "[http]") {
  for (const char* yes : {"gzip", "deflate, gzip", "gzip;q=0.1", "GZIP", "x-gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*",
                          "identity;q=0.5, gzip;q=0.5", "gzip ; q=1"})
    CHECK(AcceptsGzip(yes));
  for (const char* no : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzipped",
                         "identity, gzip;q=0.5", "gzip;q=x"})
    CHECK_FALSE(AcceptsGzip(no));
}

TEST_CASE("what was compressed in pieces is read as a whole", "[http]") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919);
  for (const std::size_t piece : {std::size_t(1) << 10, std::size_t(1) << 20}) {
    const std::string compressed = Gzip(text, piece);
    CHECK(compressed.size() < text.size());
    CHECK(Decoded(compressed, "gzip", text.size()) == text);
  }
  GzipEncoder encoder(9);
  for (int turn = 0; turn < 2; ++turn) {  // one stream after the other
    std::string out;
    encoder.Add("text", out);
    encoder.Finish(out);
    CHECK(Decoded(out, " GZIP", 4) == "text");
  }
}

TEST_CASE("bodies that cannot be read are refused", "[http]") {
  const std::string bomb = Gzip(std::string(10 << 20, ' '), 1 << 20);
  CHECK(bomb.size() < 60'000);
  CHECK(StatusOf(bomb, "gzip", 10 << 20) == 200);
  CHECK(StatusOf(bomb, "gzip", (10 << 20) - 1) == 413);
  CHECK(StatusOf(bomb, "gzip", 10 << 20, 5 << 20) == 503);
  CHECK(StatusOf(bomb.substr(0, bomb.size() - 1), "gzip", 10 << 20) == 400);
  CHECK(StatusOf(bomb + "x", "gzip", 10 << 20) == 400);
  CHECK(StatusOf("{}", "gzip", 10) == 400);
  CHECK(StatusOf("", "gzip", 10) == 400);
  CHECK(StatusOf("{}", "identity", 10) == 200);
  CHECK(StatusOf("{}", "br", 10) == 415);
  CHECK(StatusOf("{}", "gzip, gzip", 10) == 415);
}
