#include "http/lookups.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>

#include <catch2/catch.hpp>

#include "http_client/client.hpp"

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

namespace {

// Lookups of names under .hanging end when they are told to, with the address 127.0.0.1.
struct Resolver {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, int> lookups;
  bool ends = false;

  int Lookups(const std::string& name) {
    const std::lock_guard lock(mutex);
    return lookups[name];
  }
  void End(bool end) {
    const std::lock_guard lock(mutex);
    ends = end;
    changed.notify_all();
  }
};

// Never destroyed: a thread of libcurl may be in it at the end.
Resolver& TheResolver() {
  static auto* resolver = new Resolver;
  return *resolver;
}

using GetAddressInfo = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

}  // namespace

// Takes the place of the C library's for the whole program, libcurl included.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static const auto original = reinterpret_cast<GetAddressInfo>(dlsym(RTLD_NEXT, "getaddrinfo"));
  constexpr std::string_view kHanging = ".hanging";
  if (node == nullptr || !std::string_view(node).ends_with(kHanging)) return original(node, service, hints, result);
  Resolver& resolver = TheResolver();
  std::unique_lock lock(resolver.mutex);
  resolver.lookups[node]++;
  resolver.changed.wait(lock, [&] { return resolver.ends; });
  return original("127.0.0.1", service, hints, result);
}

namespace {

HttpRequest RequestTo(const std::string& url, std::uint64_t id, Milliseconds timeout = 20s) {
  HttpRequest request;
  request.id = id;
  request.url = url;
  request.timeout = timeout;
  return request;
}

// Performs until there are `count` answers.
std::vector<HttpAnswer> Finish(HttpClient& client, std::size_t count) {
  std::vector<HttpAnswer> answers;
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (answers.size() < count && std::chrono::steady_clock::now() < end) {
    client.Perform(answers);
    if (answers.size() < count) client.Wait(20ms);
  }
  REQUIRE(answers.size() == count);
  std::sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return answers;
}

}  // namespace

TEST_CASE("the host to look up") {
  CHECK(HostToLookUp("http://example.com/x") == "example.com");
  CHECK(HostToLookUp("https://user:pass@example.com:8443?x") == "example.com");
  CHECK(HostToLookUp("http://127.0.0.1:80/").empty());
  CHECK(HostToLookUp("http://[::1]:80/").empty());
  CHECK(HostToLookUp("nothing").empty());
}

TEST_CASE("requests to a host that is being looked up wait, and are free while its address is known") {
  using Role = Lookups::Role;
  Lookups lookups;
  const Lookups::Clock::time_point now{};
  HttpRequest request;
  request.id = 1;
  CHECK(lookups.Admit("a", request, now) == Role::kLooksUp);
  CHECK(lookups.Admit("b", request, now) == Role::kLooksUp);
  request.id = 2;
  CHECK(lookups.Admit("a", request, now) == Role::kHeld);
  auto released = lookups.Release("a", false, now);
  REQUIRE(released.size() == 1);
  CHECK(released[0].id == 2);
  CHECK(lookups.Admit("a", request, now) == Role::kLooksUp);
  CHECK(lookups.Release("a", true, now).empty());
  CHECK(lookups.Admit("a", request, now + 49s) == Role::kFree);
  CHECK(lookups.Admit("a", request, now + 50s) == Role::kLooksUp);
}

TEST_CASE("a lookup that hangs delays only its own host, and is one however many requests wait for it") {
  Resolver& resolver = TheResolver();
  resolver.End(false);
  HttpClient client;
  HttpOptions options;
  options.connect_timeout = 300ms;
  client.Configure(options);
  for (std::uint64_t id = 1; id <= 50; id++) client.Start(RequestTo("http://one.hanging:1/", id));
  client.Start(RequestTo("http://127.0.0.1:1/", 100));
  client.Start(RequestTo("http://localhost:1/", 101));
  const auto others = Finish(client, 2);
  CHECK(others[0].id == 100);
  CHECK(others[1].id == 101);
  const auto hanging = Finish(client, 50);
  for (std::uint64_t id = 1; id <= 50; id++) {
    CHECK(hanging[id - 1].id == id);
    CHECK(hanging[id - 1].error.find("Resolving timed out") != std::string::npos);
  }
  CHECK(resolver.Lookups("one.hanging") == 1);
  resolver.End(true);
}

TEST_CASE("once a host has an address, all that waited for it go on") {
  Resolver& resolver = TheResolver();
  resolver.End(false);
  HttpClient client;
  for (std::uint64_t id = 1; id <= 50; id++) client.Start(RequestTo("http://two.hanging:1/", id));
  std::vector<HttpAnswer> none;
  client.Perform(none);
  resolver.End(true);
  for (const HttpAnswer& answer : Finish(client, 50)) CHECK(answer.error.find("connect") != std::string::npos);
  CHECK(resolver.Lookups("two.hanging") == 1);
}

TEST_CASE("a request that ends before it has looked up leaves that to the next") {
  Resolver& resolver = TheResolver();
  resolver.End(true);
  HttpClient client;
  client.Start(RequestTo("http://three.hanging:99999/", 1));  // no such port
  client.Start(RequestTo("http://three.hanging:1/", 2));
  client.Start(RequestTo("http://three.hanging:1/", 3));
  const auto answers = Finish(client, 3);
  CHECK(answers[1].error.find("connect") != std::string::npos);
  CHECK(answers[2].error.find("connect") != std::string::npos);
}
