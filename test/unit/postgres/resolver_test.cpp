#include "postgres/resolver.hpp"

#include <optional>

#include <catch2/catch.hpp>

using threefactor::Loop;
using threefactor::postgres::Addresses;
using threefactor::postgres::Resolver;

namespace {

// Whether the answer came at once, and the answer.
std::pair<bool, Addresses> Resolve(const std::string& connection_string) {
  Loop loop;
  Resolver resolver(loop);
  std::optional<Addresses> answer;
  resolver.Resolve(connection_string, [&](const Addresses& found) {
    answer = found;
    loop.Stop();
  });
  const bool at_once = answer.has_value();
  if (!at_once) loop.Run();
  return {at_once, *answer};
}

}  // namespace

TEST_CASE("where no host has a name nobody is asked", "[postgres]") {
  for (const char* url :
       {"postgresql://u@127.0.0.1:5432/d", "postgresql://[::1]/d", "host=/tmp dbname=d", "dbname=d",
        "host=10.0.0.1,/tmp port=1,2", "host=db hostaddr=10.0.0.1", "host=a,b port=1,2,3", "nonsense"}) {
    const auto [at_once, addresses] = Resolve(url);
    CHECK(at_once);
    CHECK(addresses.host.empty());
    CHECK(addresses.failure.empty());
  }
}

TEST_CASE("each address of a host is one that libpq may try", "[postgres]") {
  const auto [at_once, found] = Resolve("host=127.0.0.9,localhost,/tmp port=1,2,3 dbname=d");
  CHECK_FALSE(at_once);
  CHECK_THAT(found.host, Catch::Matchers::StartsWith("127.0.0.9,localhost,"));
  CHECK_THAT(found.hostaddr, Catch::Matchers::StartsWith("127.0.0.9,"));
  CHECK_THAT(found.port, Catch::Matchers::StartsWith("1,2,"));
  const auto places = [](const std::string& list) { return std::count(list.begin(), list.end(), ','); };
  CHECK(places(found.host) == places(found.hostaddr));
  CHECK(places(found.host) == places(found.port));
  CHECK_THAT(found.host, Catch::Matchers::EndsWith(",/tmp"));
  CHECK_THAT(found.hostaddr, Catch::Matchers::EndsWith(","));
  CHECK(found.failure.empty());
}

TEST_CASE("a name that nobody knows is said", "[postgres]") {
  CHECK_THAT(Resolve("host=no-such-host.invalid dbname=d").second.failure,
             Catch::Matchers::Contains("no-such-host.invalid"));
}

TEST_CASE("who stops waiting is not told", "[postgres]") {
  Loop loop;
  {
    Resolver(loop).Resolve("host=localhost dbname=d", [](const Addresses&) { FAIL("told"); });
  }
  loop.Post([&] { loop.Stop(); });
  loop.Run();
}
