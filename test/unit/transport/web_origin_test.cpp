// Which pages may call, by the headers that browsers send.
#include "transport/web_origin.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::transport;
using Catch::Matchers::Contains;

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

httplib::Headers Headers(const Lines& lines) {
  return {lines.begin(), lines.end()};
}

Options WithSecret(std::vector<std::string> origins) {
  Options options;
  options.admin_secret = "s";
  options.cors_origins = std::move(origins);
  return options;
}

bool MayCall(const Lines& lines, const Options& options) {
  return !JudgeOrigin(Headers(lines), options).refusal;
}

bool IsHostServed(const std::string& host) {
  return MayCall({{"Host", host}}, Options());
}

// From a page of this origin to the gateway on localhost.
bool MayPageCall(const std::string& origin, const Options& options) {
  return MayCall({{"host", "localhost:8080"}, {"origin", origin}}, options);
}

}  // namespace

TEST_CASE("a browser's cookies say who asks only where the origins are listed, or no other page made the request",
          "[origin]") {
  using Map = std::map<std::string, std::string>;
  const Options listed = WithSecret({"https://app.example"});
  const Options any = WithSecret({"*"});
  for (const Map& foreign : {Map{{"origin", "https://evil.example"}}, Map{{"sec-fetch-site", "cross-site"}},
                             Map{{"sec-fetch-site", "same-site"}}, Map{{"origin", "null"}},
                             Map{{"origin", "https://x"}, {"sec-fetch-site", "cross-site"}}}) {
    CHECK_FALSE(MayUseCookies(foreign, any));
    CHECK(MayUseCookies(foreign, listed));  // JudgeOrigin has let it in
  }
  for (const Map& own : {Map{}, Map{{"sec-fetch-site", "same-origin"}}, Map{{"sec-fetch-site", "none"}},
                         Map{{"origin", "https://own"}, {"sec-fetch-site", "same-origin"}}})
    CHECK(MayUseCookies(own, any));
}

TEST_CASE("without a secret only loopback hosts are served", "[origin]") {
  for (const char* host : {"localhost", "localhost:8080", "LOCALHOST:8080", "localhost.", "localhost.:80",
                           "app.localhost", "a.b.localhost:1", "127.0.0.1", "127.0.0.1.", "127.0.0.1:8080", "127.9.8.7",
                           "[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]:8080"}) {
    INFO(host);
    CHECK(IsHostServed(host));
  }
  for (const char* host : {"",
                           "evil.com",
                           "evil.com:8080",
                           "foo.localhost.evil.com",
                           "localhost.evil.com",
                           "evillocalhost",
                           "127.0.0.1.nip.io",
                           "127.1",
                           "2130706433",
                           "0x7f000001",
                           "0177.0.0.1",
                           "0.0.0.0",
                           "0.0.0.0:8080",
                           "[::]",
                           "[::]:80",
                           "[fe80::1]",
                           "192.168.1.1",
                           "10.0.0.1:8080",
                           "user@localhost",
                           "localhost:8080@evil.com",
                           "localhost:",
                           "localhost:x",
                           "localhost:99999",
                           "localhost:0",
                           "localhost/",
                           "localhost evil.com",
                           "[::1",
                           "[localhost]",
                           "http://localhost",
                           "localhost,evil.com",
                           "::1",
                           "localhost\xc2\xa0"}) {
    INFO(host);
    CHECK_FALSE(IsHostServed(host));
  }
  CHECK_FALSE(MayCall({}, Options()));
  CHECK_FALSE(MayCall({{"Host", "localhost"}, {"Host", "localhost"}}, Options()));
  CHECK_THAT(JudgeOrigin(Headers({{"Host", "evil.com"}}), Options()).refusal->message(), Contains("--admin-secret"));
  Options insecure;
  insecure.insecure = true;
  CHECK(MayCall({{"Host", "gateway:8080"}}, insecure));
  CHECK(MayCall({{"Host", "gateway:8080"}}, WithSecret({"*"})));
}

TEST_CASE("without a secret only pages of loopback origins may call, on any port", "[origin]") {
  for (const char* origin :
       {"http://localhost", "http://localhost:3000", "https://localhost:5173", "http://127.0.0.1:3000",
        "http://[::1]:3000", "http://app.localhost:3000", "HTTP://LOCALHOST:3000", "http://localhost.:3000"}) {
    INFO(origin);
    CHECK(MayPageCall(origin, Options()));
  }
  for (const char* origin : {"null",
                             "",
                             "https://app.example",
                             "http://localhost.evil.com",
                             "http://evil.com:8080",
                             "http://foo.localhost.evil.com",
                             "http://localhost@evil.com",
                             "http://evil.com@localhost",
                             "http://localhost:3000@evil.com",
                             "http://0.0.0.0:8080",
                             "http://127.1:3000",
                             "http://2130706433",
                             "http://localhost/",
                             "http://localhost:3000/page",
                             "localhost:3000",
                             "file://",
                             "http://localhost http://evil.com",
                             "http://evil.com http://localhost",
                             "http://localhost#",
                             "http://localhost?",
                             "http://localhost\\.evil.com",
                             "http:localhost",
                             "http://",
                             "http://:80",
                             "http://[::1]evil.com",
                             "http://192.168.0.2"}) {
    INFO(origin);
    CHECK_FALSE(MayPageCall(origin, Options()));
  }
  // What --cors-origins says narrows it, and cannot widen it.
  Options listed;
  listed.cors_origins = {"http://localhost:3000", "https://app.example"};
  CHECK(MayPageCall("http://localhost:3000", listed));
  CHECK_FALSE(MayPageCall("http://localhost:4000", listed));
  CHECK_FALSE(MayPageCall("https://app.example", listed));
  listed.insecure = true;
  CHECK(MayPageCall("https://app.example", listed));
  Options insecure;
  insecure.insecure = true;
  CHECK_FALSE(MayPageCall("https://app.example", insecure));
  CHECK(MayPageCall("http://localhost:3000", insecure));
}

TEST_CASE("with a secret any page may call by default, and else those that are listed", "[origin]") {
  for (const char* origin : {"https://evil.com", "null", "http://localhost:3000"})
    CHECK(MayPageCall(origin, WithSecret({"*"})));
  const Options one = WithSecret({"https://app.example"});
  for (const char* origin :
       {"https://app.example", "https://APP.example", "https://app.example:443", "http://localhost:8080"}) {
    INFO(origin);
    CHECK(MayPageCall(origin, one));  // the last is the gateway's own
  }
  for (const char* origin : {"null", "", "http://app.example", "https://app.example:8443", "https://app.example.",
                             "https://app.example.evil.com", "https://evil.com", "https://user@app.example",
                             "https://app.example@evil.com", "https://sub.app.example", "https://app.example/",
                             "https://app.example https://evil.com", "http://localhost:3000", "http://localhost"}) {
    INFO(origin);
    CHECK_FALSE(MayPageCall(origin, one));
  }
  const Options below = WithSecret({"https://*.example.com:8443", "http://*.dev"});
  CHECK(MayPageCall("https://a.example.com:8443", below));
  CHECK(MayPageCall("https://a.b.example.com:8443", below));
  CHECK(MayPageCall("http://x.dev", below));
  for (const char* origin :
       {"https://example.com:8443", "https://a.example.com", "http://a.example.com:8443", "http://dev",
        "https://a.example.com.evil.com:8443", "https://evil.com/.example.com:8443", "https://aexample.com:8443"}) {
    INFO(origin);
    CHECK_FALSE(MayPageCall(origin, below));
  }
  CHECK_FALSE(MayCall({{"host", "x"}, {"origin", "https://app.example"}, {"Origin", "https://app.example"}}, one));
  CHECK_FALSE(MayCall({{"host", "x"}, {"origin", "a"}, {"origin", "b"}}, WithSecret({"*"})));
}

TEST_CASE("the gateway's own origin is that of Host, with the default port of its scheme", "[origin]") {
  const Options one = WithSecret({"https://app.example"});
  const auto own = [&](const char* host, const char* origin) {
    return MayCall({{"host", host}, {"origin", origin}}, one);
  };
  CHECK(own("gw.example", "https://gw.example"));
  CHECK(own("gw.example:443", "https://gw.example"));
  CHECK(own("GW.example:8080", "http://gw.example:8080"));
  CHECK(own("[0::1]:80", "http://[::1]"));
  CHECK_FALSE(own("gw.example:8080", "http://gw.example"));
  CHECK_FALSE(own("gw.example", "http://gw.example.evil.com"));
}

TEST_CASE("what a browser tells of a page without naming its origin", "[origin]") {
  const auto may = [](const char* site, const Options& options, const char* host = "localhost:8080") {
    return MayCall({{"host", host}, {"sec-fetch-site", site}}, options);
  };
  const Options star = WithSecret({"*"});
  const Options one = WithSecret({"https://app.example"});
  Options insecure;
  insecure.insecure = true;
  for (const Options& options : {Options(), star, one, insecure})
    for (const char* site : {"none", "same-origin"}) CHECK(may(site, options));
  for (const char* site : {"cross-site", "same-site", "nonsense", ""}) {
    INFO(site);
    CHECK(may(site, star));
    CHECK_FALSE(may(site, one));
  }
  for (const char* site : {"cross-site", "nonsense", ""}) CHECK_FALSE(may(site, Options()));
  CHECK(may("same-site", Options()));  // another port of localhost
  CHECK_FALSE(may("same-site", insecure, "gateway.example"));
  // With an origin that may call the site is no matter: 127.0.0.1 and localhost are two sites.
  CHECK(MayCall({{"host", "127.0.0.1:8080"}, {"origin", "http://localhost:3000"}, {"sec-fetch-site", "cross-site"}},
                Options()));
  CHECK(MayCall({{"host", "gw"}, {"origin", "https://app.example"}, {"sec-fetch-site", "cross-site"}}, one));
  CHECK_FALSE(MayCall({{"host", "gw"}, {"sec-fetch-site", "none"}, {"sec-fetch-site", "cross-site"}}, one));
}

TEST_CASE("the browser is told what the page may read", "[origin]") {
  const auto headers = [](const char* origin, const Options& options) {
    return JudgeOrigin(Headers({{"host", "localhost"}, {"origin", origin}}), options).cors_headers;
  };
  const std::string any = headers("https://a.example.com", WithSecret({"*"}));
  CHECK_THAT(any, Contains("Access-Control-Allow-Origin: *\r\n") && !Contains("Credentials"));
  CHECK_THAT(headers("null", WithSecret({"*"})), Contains("Access-Control-Allow-Origin: *\r\n"));
  const std::string named = headers("https://a.example.com", WithSecret({"https://*.example.com"}));
  CHECK_THAT(named, Contains("Access-Control-Allow-Origin: https://a.example.com\r\n"));
  CHECK_THAT(named, Contains("Access-Control-Allow-Credentials: true\r\n") && Contains("Vary: Origin\r\n"));
  const std::string local = headers("http://localhost:3000", Options());
  CHECK_THAT(local, Contains("Access-Control-Allow-Origin: http://localhost:3000\r\n") && !Contains("Credentials"));
  CHECK(headers("https://evil.com", WithSecret({"https://*.example.com"})).empty());
  CHECK(headers("https://evil.com", Options()).empty());
  CHECK(JudgeOrigin(Headers({{"host", "localhost"}}), Options()).cors_headers.empty());
}

TEST_CASE("a preflight is answered with names of headers alone", "[origin]") {
  CHECK_THAT(PreflightHeaders("content-type, x-hasura-role"),
             Contains("Allow-Headers: content-type, x-hasura-role\r\n"));
  for (const std::string& other : {std::string(), std::string("a\r\nSet-Cookie: b"), std::string("a: b"),
                                   std::string("\x80"), std::string("a;b"), std::string(5000, 'a')})
    CHECK_THAT(PreflightHeaders(other), Catch::Matchers::EndsWith("Access-Control-Allow-Headers: *\r\n"));
}

TEST_CASE("what is no origin is refused in --cors-origins", "[origin]") {
  CHECK_NOTHROW(CheckOrigins({"*", "https://a.example", "http://*.localhost:3000", "http://[::1]:3000"}));
  for (const char* wrong :
       {"", "null", "a.example", "https://a.example/", "https://*", "https://a.*.example", "**", "https://"}) {
    INFO(wrong);
    CHECK_THROWS_WITH(CheckOrigins({wrong}), Contains("is not an origin"));
  }
}
