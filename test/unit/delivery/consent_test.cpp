#include "http/consent.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

constexpr Time kHour = 3600LL * 1000000;

// What an endpoint is sent, and answers.
struct Exchange {
  Consents consents;
  std::vector<HttpRequest> sent;
  std::vector<Consent> given;  // the last time
  const Consents::Send send = [this](HttpRequest request) { sent.push_back(std::move(request)); };

  Exchange() { consents.SetOrigin("events.example.com"); }

  void Pass(std::uint64_t id, Time now, bool validate = true, const std::string& url = "http://a/") {
    HttpRequest request;
    request.id = id;
    request.url = url;
    request.body = "{}";
    request.validate = validate;
    consents.Pass(std::move(request), now, send);
  }
  std::vector<HttpAnswer> Answer(std::uint64_t id, int status, std::optional<std::string> allowed, Time now) {
    HttpAnswer answer;
    answer.id = id;
    answer.status = status;
    answer.allowed_origin = std::move(allowed);
    std::vector<HttpAnswer> answers = {answer};
    given = consents.Take(answers, now);
    return answers;
  }
  // What was held is made again.
  void Again(Time now, const std::string& url = "http://a/") {
    for (const Consent& consent : given)
      for (const std::uint64_t id : consent.held) Pass(id, now, true, url);
  }
  std::vector<std::uint64_t> Posts() const {
    std::vector<std::uint64_t> posts;
    for (const HttpRequest& request : sent)
      if (request.method == HttpMethod::kPost) posts.push_back(request.id);
    return posts;
  }
};

using Ids = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("an endpoint is asked once, then what was held passes, and all that follows for an hour") {
  Exchange exchange;
  exchange.Pass(1, 0);
  exchange.Pass(2, 0);
  REQUIRE(exchange.sent.size() == 1);
  CHECK(exchange.sent[0].method == HttpMethod::kOptions);
  CHECK(exchange.sent[0].url == "http://a/");
  CHECK(exchange.sent[0].body.empty());
  CHECK(exchange.sent[0].headers == std::vector<std::string>{"WebHook-Request-Origin: events.example.com"});
  CHECK(exchange.Answer(1, 405, "EVENTS.example.com", 10).empty());  // never mind the status
  REQUIRE(exchange.given.size() == 1);
  CHECK(exchange.given[0].held == Ids{1, 2});
  CHECK(exchange.Posts().empty());
  exchange.Again(10);
  CHECK(exchange.Posts() == Ids{1, 2});
  CHECK(exchange.sent[1].headers == std::vector<std::string>{"Origin: events.example.com"});
  CHECK(exchange.Answer(1, 200, std::nullopt, 20).size() == 1);  // to the POST
  exchange.Pass(3, kHour);
  CHECK(exchange.Posts() == Ids{1, 2, 3});
  exchange.Pass(4, kHour + 10);
  CHECK(exchange.sent.back().method == HttpMethod::kOptions);
}

TEST_CASE("without a consent nothing is posted, and the next delivery asks again") {
  for (const std::optional<std::string>& allowed : {std::optional<std::string>(), {"other.example.com"}, {""}}) {
    Exchange exchange;
    exchange.Pass(1, 0);
    exchange.Pass(2, 0);
    const auto refused = exchange.Answer(1, 200, allowed, 10);
    REQUIRE(refused.size() == 2);
    CHECK(refused[0].id == 1);
    CHECK(refused[1].id == 2);
    CHECK(refused[1].status == 0);
    CHECK(refused[1].error ==
          "the endpoint has not consented to deliveries: its answer to OPTIONS (status 200) has no "
          "WebHook-Allowed-Origin: events.example.com");
    CHECK(exchange.Posts().empty());
    exchange.Pass(3, 20);
    CHECK(exchange.sent.size() == 2);
    CHECK(exchange.Answer(3, 200, "*", 30).empty());
    exchange.Again(30);
    CHECK(exchange.Posts() == Ids{3});
  }
}

TEST_CASE("endpoints are asked one by one; what is not to be validated passes") {
  Exchange exchange;
  exchange.Pass(1, 0);
  exchange.Pass(2, 0, true, "http://b/");
  exchange.Pass(3, 0, false);
  CHECK(exchange.sent.size() == 3);
  CHECK(exchange.Posts() == Ids{3});
  CHECK(exchange.sent[2].headers.empty());
  CHECK(exchange.Answer(3, 200, std::nullopt, 5).size() == 1);
  CHECK(exchange.given.empty());
  CHECK(exchange.Answer(2, 200, "*", 5).empty());
  exchange.Again(5, "http://b/");
  CHECK(exchange.Posts() == Ids{3, 2});
  HttpAnswer answer;
  answer.id = 1;
  answer.error = "timed out";
  std::vector<HttpAnswer> answers = {answer};
  CHECK(exchange.consents.Take(answers, 5).empty());
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].error == "the endpoint could not be asked for its consent: timed out");
}

TEST_CASE("a consent may say how many requests it takes in a minute") {
  const std::vector<std::pair<std::optional<std::string>, double>> cases = {
      {"120", 2}, {"1", 1.0 / 60}, {"*", 0}, {std::nullopt, 0}, {"0", 0}, {"-5", 0}, {"ten", 0}, {"60 or so", 0}};
  for (const auto& [text, rate] : cases) {
    Exchange exchange;
    exchange.Pass(1, 0);
    HttpAnswer answer;
    answer.id = 1;
    answer.allowed_origin = "*";
    answer.allowed_rate = text;
    std::vector<HttpAnswer> answers = {answer};
    const std::vector<Consent> given = exchange.consents.Take(answers, 5);
    REQUIRE(given.size() == 1);
    CHECK(given[0].rate == Approx(rate));
  }
}
