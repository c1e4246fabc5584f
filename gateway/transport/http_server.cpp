#include "transport/http_server.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace threefactor::transport {

namespace {

constexpr int kBacklog = 4096;
struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

std::string HttpDate(std::time_t now) {
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  // Not by locale: the names of RFC 9110 are English.
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto end = fmt::format_to_n(text.data(), text.size(), "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                                    kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                    kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                    parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), end.size};
}

std::int64_t SecondOf(Loop::Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

ListenSocket::ListenSocket(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string where = fmt::format("{}:{}", host, port);
  if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0)
    throw std::runtime_error(fmt::format("cannot listen on {}: {}", where, gai_strerror(error)));
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  fd_ = socket(addresses->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  const int off = 0;
  if (fd_ >= 0) setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd_ >= 0 && addresses->ai_family == AF_INET6) setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (fd_ < 0 || bind(fd_, addresses->ai_addr, addresses->ai_addrlen) != 0 || listen(fd_, kBacklog) != 0) {
    const int error = errno;
    if (fd_ >= 0) close(fd_);
    throw std::runtime_error(fmt::format("cannot listen on {}: {}", where,
                                         error == EADDRINUSE ? "the port is in use" : std::strerror(error)));
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                            : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

ListenSocket::~ListenSocket() {
  close(fd_);
}

void ListenSocket::Refuse() const {
  shutdown(fd_, SHUT_RDWR);
}

HttpServer::HttpServer(const Options& options, Loop& loop, BodyBudget& bodies, Upgrade upgrade)
    : options_(options),
      loop_(loop),
      bodies_(bodies),
      upgrade_(std::move(upgrade)),
      date_(HttpDate(std::time(nullptr))),
      second_(SecondOf(Loop::Clock::now())),  // a peer may hand over a connection before Start
      random_(std::random_device()()),
      gzip_(std::max(options.gzip_level, 1)) {}

HttpServer::~HttpServer() {
  loop_.Cancel(sweep_);
  if (listen_fd_ >= 0) loop_.Forget(listen_fd_);
  for (auto& [fd, connection] : std::exchange(connections_, {})) connection->Close();
}

void HttpServer::Start(const ListenSocket& socket, std::vector<HttpServer*> peers) {
  peers_ = std::move(peers);
  listen_fd_ = socket.fd();
  loop_.Watch(listen_fd_, EPOLLIN | EPOLLEXCLUSIVE, [this](std::uint32_t) { Accept(); });
  Sweep();
}

void HttpServer::Accept() {
  for (int turn = 0; turn < 16; ++turn) {
    const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
      // The connection stays in the backlog and the socket readable: look away for a moment instead of spinning.
      spdlog::warn("cannot accept a connection: {}", std::strerror(errno));
      loop_.Forget(listen_fd_);
      loop_.After(std::chrono::milliseconds(100), [this] {
        if (!draining_) loop_.Watch(listen_fd_, EPOLLIN | EPOLLEXCLUSIVE, [this](std::uint32_t) { Accept(); });
      });
      return;
    }
    int total = 0;
    HttpServer* target = this;
    for (HttpServer* peer : peers_) {
      total += peer->connection_count();
      if (peer->connection_count() < target->connection_count()) target = peer;
    }
    if (total >= options_.max_connections) {
      const Reply refusal = ErrorReply(503, Error(code::kBusy, "too many connections are open"));
      const std::string text = MakeHead(refusal, date_, {}, false) + refusal.body;
      send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      close(fd);
      continue;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    target->connection_count_->fetch_add(1, std::memory_order_relaxed);
    if (target == this)
      Adopt(fd);
    else
      target->loop_.Post([target, fd] { target->Adopt(fd); });
  }
}

void HttpServer::Adopt(int fd) {
  const auto connection = std::make_shared<HttpConnection>(*this, fd);
  connections_.emplace(fd, connection);
  connection->Start();
}

void HttpServer::OnClosed(int fd) {
  connection_count_->fetch_sub(1, std::memory_order_relaxed);
  Remove(fd);
}

void HttpServer::OnUpgraded(int fd, const Handshake& handshake, std::string already_read,
                            std::map<std::string, std::string> headers) {
  Remove(fd);
  std::shared_ptr<void> place(connection_count_.get(),
                              [count = connection_count_](auto*) { count->fetch_sub(1, std::memory_order_relaxed); });
  upgrade_(fd, handshake, std::move(already_read), std::move(headers), std::move(place));
}

void HttpServer::Remove(int fd) {
  connections_.erase(fd);
  if (drained_ && connections_.empty()) loop_.Post(std::exchange(drained_, nullptr));
}

void HttpServer::Sweep() {
  second_ = SecondOf(Loop::Clock::now());
  date_ = HttpDate(std::time(nullptr));
  std::vector<std::shared_ptr<HttpConnection>> all;  // closing one takes it out of the map
  all.reserve(connections_.size());
  for (const auto& [fd, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->CheckTime();
  sweep_ = loop_.After(std::chrono::seconds(1), [this] { Sweep(); });
}

void HttpServer::Drain(std::function<void()> drained) {
  draining_ = true;
  drained_ = std::move(drained);
  if (listen_fd_ >= 0) loop_.Forget(listen_fd_);
  std::vector<std::shared_ptr<HttpConnection>> all;
  for (const auto& [fd, connection] : connections_) all.push_back(connection);
  if (all.empty()) return loop_.Post(std::exchange(drained_, nullptr));
  for (const auto& connection : all) connection->CloseIfIdle();
}

std::string HttpServer::MakeRequestId() {
  // In the form of a UUID v4; it names a request in logs, nothing depends on it being unguessable.
  const std::uint64_t high = (random_() & 0xffffffffffff0fffULL) | 0x4000;
  const std::uint64_t low = (random_() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  return fmt::format(FMT_COMPILE("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}"), high >> 32, high >> 16 & 0xffff, high & 0xffff,
                     low >> 48, low & 0xffffffffffffULL);
}

}  // namespace threefactor::transport
