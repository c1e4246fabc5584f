#include "postgres/resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include "loop/mutex.hpp"
#include "postgres/handles.hpp"

namespace threefactor::postgres {

namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

struct Host {
  std::string name;
  std::string port;  // empty: libpq's default
};

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t comma = list.find(',');
    items.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    list.remove_prefix(comma + 1);
  }
}

// Empty: libpq needs no name server, or says itself what is wrong with the string.
std::vector<Host> HostsOf(const std::string& connection_string) {
  const OptionsHandle parsed(PQconninfoParse(connection_string.c_str(), nullptr));
  const auto value = [&parsed](std::string_view keyword) -> std::string {
    for (const PQconninfoOption* option = parsed.get(); option != nullptr && option->keyword != nullptr; ++option)
      if (option->keyword == keyword && option->val != nullptr) return option->val;
    return {};
  };
  const std::string names = value("host");
  if (names.empty() || !value("hostaddr").empty()) return {};
  std::string port = value("port");
  if (const char* usual = std::getenv("PGPORT"); port.empty() && usual != nullptr) port = usual;
  const std::vector<std::string> ports = Split(port);
  std::vector<std::string> each = Split(names);
  if (ports.size() != 1 && ports.size() != each.size()) return {};
  std::vector<Host> hosts;
  hosts.reserve(each.size());
  for (std::string& name : each) hosts.push_back({std::move(name), ports[ports.size() == 1 ? 0 : hosts.size()]});
  return hosts;
}

bool IsSocket(const std::string& name) {
  return name.empty() || name.front() == '/' || name.front() == '@';
}

bool IsAddress(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, name.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), ignored.data()) == 1;
}

void Append(Addresses& addresses, bool is_first, const Host& host, const std::string& address) {
  const std::string_view comma = is_first ? "" : ",";
  addresses.host.append(comma).append(host.name);
  addresses.hostaddr.append(comma).append(address);
  addresses.port.append(comma).append(host.port);
}

Addresses LookUp(const std::vector<Host>& hosts) {
  Addresses all;
  bool is_first = true;
  for (const Host& host : hosts) {
    if (IsSocket(host.name) || IsAddress(host.name)) {
      Append(all, std::exchange(is_first, false), host, IsSocket(host.name) ? "" : host.name);
      continue;
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.name.c_str(), nullptr, &hints, &found);
    const std::unique_ptr<addrinfo, FreeAddresses> owned(found);
    if (error != 0) all.failure = "could not translate host name \"" + host.name + "\": " + gai_strerror(error);
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      std::array<char, NI_MAXHOST> text{};
      if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
        Append(all, std::exchange(is_first, false), host, text.data());
    }
  }
  if (!is_first) all.failure.clear();
  return all;
}

}  // namespace

struct Resolver::Shared {
  explicit Shared(Loop& its_loop) : loop(&its_loop) {}

  Mutex mutex;
  Loop* loop GUARDED_BY(mutex);  // null: nobody listens any more
};

Resolver::Resolver(Loop& loop) : shared_(std::make_shared<Shared>(loop)) {}

Resolver::~Resolver() {
  const MutexLock lock(shared_->mutex);
  shared_->loop = nullptr;
}

void Resolver::Resolve(const std::string& connection_string, std::function<void(const Addresses&)> done) {
  std::vector<Host> hosts = HostsOf(connection_string);
  if (std::all_of(hosts.begin(), hosts.end(),
                  [](const Host& each) { return IsSocket(each.name) || IsAddress(each.name); }))
    return done({});
  // Detached: getaddrinfo cannot be interrupted, and nobody should wait for it to end.
  std::thread([shared = shared_, hosts = std::move(hosts), done = std::move(done)]() mutable {
    Addresses found = LookUp(hosts);
    const MutexLock lock(shared->mutex);
    if (shared->loop == nullptr) return;
    shared->loop->Post([weak = std::weak_ptr<Shared>(shared), found = std::move(found), done = std::move(done)] {
      const auto alive = weak.lock();
      if (alive == nullptr) return;
      {
        const MutexLock lock_again(alive->mutex);
        if (alive->loop == nullptr) return;
      }
      done(found);  // on the loop, as the resolver is, which therefore has not gone since
    });
  }).detach();
}

}  // namespace threefactor::postgres
