#include <poll.h>

#include <set>

#include <catch2/catch.hpp>

#include "http_client/threads.hpp"

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

namespace {

// To a port where nobody listens: answered at once, without a status.
HttpRequest Refused(std::uint64_t id) {
  HttpRequest request;
  request.id = id;
  request.url = "http://127.0.0.1:1/";
  return request;
}

}  // namespace

TEST_CASE("requests given to the threads are answered, each once, and who waits is woken") {
  HttpThreads http;
  std::set<std::uint64_t> ids;
  std::vector<HttpAnswer> answers;
  std::vector<std::uint64_t> begun;
  constexpr std::uint64_t kRounds = 50;
  constexpr std::uint64_t kRequests = 40;
  for (std::uint64_t round = 0; round < kRounds; round++) {
    for (std::uint64_t i = 0; i < kRequests; i++) http.Start(Refused(round * kRequests + i));
    http.Submit();
    while (ids.size() < (round + 1) * kRequests) {
      answers.clear();
      http.Take(answers, begun);
      for (const HttpAnswer& answer : answers) {
        CHECK(answer.status == 0);
        REQUIRE(ids.insert(answer.id).second);
      }
      if (!answers.empty() || !http.MayWait()) continue;
      pollfd ready{http.ReadyFd(), POLLIN, 0};
      REQUIRE(poll(&ready, 1, 10000) == 1);
    }
  }
  CHECK(*ids.rbegin() == kRounds * kRequests - 1);
}

TEST_CASE("requests ahead begin in turn, when there is a place") {
  HttpThreads http;
  HttpOptions options;
  options.places = 1;
  http.Configure(options);
  constexpr std::uint64_t kRequests = 20;
  for (std::uint64_t i = 0; i < kRequests; i++) {
    HttpRequest request = Refused(i);
    request.ahead = true;
    http.Start(std::move(request));
  }
  http.Submit();
  std::vector<HttpAnswer> answers;
  std::vector<std::uint64_t> begun;
  while (answers.size() < kRequests) {
    http.Take(answers, begun);
    CHECK(begun.size() <= answers.size() + 1);
    CHECK(answers.size() <= begun.size());
    if (answers.size() == kRequests || !http.MayWait()) continue;
    pollfd ready{http.ReadyFd(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 10000) == 1);
  }
  for (std::uint64_t i = 0; i < kRequests; i++) {
    CHECK(begun[i] == i);
    CHECK(answers[i].id == i);
  }
}

TEST_CASE("requests ahead that have not begun are taken back, the last one first, and never begin") {
  HttpThreads http;
  HttpOptions options;
  options.places = 0;
  http.Configure(options);
  for (std::uint64_t i = 0; i < 3; i++) {
    HttpRequest request = Refused(i);
    request.ahead = true;
    http.Start(std::move(request));
  }
  http.Start(Refused(3));
  http.Submit();
  CHECK(http.TakeBack() == std::vector<std::uint64_t>{2, 1, 0});
  CHECK(http.TakeBack().empty());
  options.places = 10;
  http.Configure(options);
  http.Start(Refused(4));
  http.Submit();
  std::vector<HttpAnswer> answers;
  std::vector<std::uint64_t> begun;
  while (answers.size() < 2) {
    http.Take(answers, begun);
    if (answers.size() == 2 || !http.MayWait()) continue;
    pollfd ready{http.ReadyFd(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 10000) == 1);
  }
  CHECK(answers[0].id + answers[1].id == 7);
  CHECK(begun.empty());
}

TEST_CASE("the threads end with requests in flight, and may be stopped twice") {
  HttpThreads http;
  for (std::uint64_t i = 0; i < 10; i++) http.Start(Refused(i));
  http.Submit();
  http.Stop();
  http.Stop();
}
