#include "api/websocket_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "api/identify.hpp"

namespace threefactor::api {

namespace {

using namespace std::chrono_literals;

constexpr auto kInitLimit = 3s;
constexpr auto kKeepAliveInterval = 5s;
constexpr auto kCloseLimit = 2s;                      // for the client's part of the close handshake
constexpr int kUnsentLimitMilliseconds = 60'000;      // for a client that takes nothing
constexpr std::size_t kReadBudget = 256 << 10;        // then other connections have their turn
constexpr std::size_t kWaitingBytesLimit = 64 << 20;  // results of queries for one client
constexpr std::size_t kLongestBeforeInit = 64 << 10;  // messages of those who have not said who they are
// A message may take this long, and longer by its size, as an HTTP request may.
constexpr auto kMessageLimit = 10s;
constexpr std::size_t kSlowestBytesPerSecond = 16 << 10;
constexpr int kPolicyViolation = 1008;
constexpr int kForbidden = 4403;
constexpr int kSubprotocolNotAcceptable = 4406;
constexpr std::string_view kExpired = "Could not verify JWT: JWTExpired";
constexpr auto kLongestTimer = 1h;  // the clock may be set meanwhile

}  // namespace

WebSocketConnection::WebSocketConnection(Service& service, int fd, std::string handshake, std::string already_read,
                                         std::map<std::string, std::string> headers, std::shared_ptr<void> place)
    : service_(service),
      place_(std::move(place)),
      fd_(fd),
      handshake_(std::move(handshake)),
      already_read_(std::move(already_read)),
      headers_(std::move(headers)),
      incoming_(service.bodies),
      frames_(*this, std::min(service.options.max_body_bytes, kLongestBeforeInit)),
      operations_(service, [this] { Pump(); }) {
  // Ignored where the socket is not TCP. The second ends a connection whose peer is gone or does not read.
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnsentLimitMilliseconds, sizeof kUnsentLimitMilliseconds);
}

WebSocketConnection::~WebSocketConnection() {
  if (!ended_) close(fd_);  // the loop has ended before the connection
}

void WebSocketConnection::Begin(std::string_view subprotocol) {
  session_ = transport::MakeProtocolSession(subprotocol, *this);
  interest_ = EPOLLIN;
  service_.loop.Watch(fd_, interest_, [this](std::uint32_t events) { OnReady(events); });
  if (session_) {
    init_timer_ = service_.loop.After(kInitLimit, [this] {
      init_timer_.reset();
      session_->OnInitTimeout();
      Pump();
    });
    KeepAliveLater();
  } else {
    Close(kSubprotocolNotAcceptable, "Subprotocol not acceptable");
  }
  OnReady(already_read_.empty() ? EPOLLOUT : EPOLLIN);
}

void WebSocketConnection::KeepAliveLater() {
  keep_alive_timer_ = service_.loop.After(kKeepAliveInterval, [this] {
    KeepAliveLater();
    if (IsMessageLate()) return CloseAndEnd(kPolicyViolation, "The message did not arrive in time");
    if (!frames_.WantsWrite()) session_->OnKeepAlive();  // else the client is being sent something anyway
    Pump();
  });
}

bool WebSocketConnection::IsMessageLate() const {
  // While a result goes out nothing is read.
  if (incoming_.held() == 0 || frames_.WantsWrite()) return false;
  return Loop::Clock::now() - incoming_since_ >
         kMessageLimit + std::chrono::seconds(incoming_bytes_ / kSlowestBytesPerSecond);
}

void WebSocketConnection::OnReady(std::uint32_t events) {
  if ((events & EPOLLERR) != 0 || (is_identifying_ && (events & EPOLLHUP) != 0)) return End();
  if ((events & (EPOLLIN | EPOLLHUP)) != 0) {
    read_budget_ = kReadBudget;
    if (leaving_) {
      std::array<std::uint8_t, 4096> ignored{};
      ssize_t got = 0;
      do got = Read(ignored.data(), ignored.size());
      while (got > 0);
      if (got == 0 || errno != EAGAIN) End();
      return;
    }
    if (!frames_.Receive()) return End();
  }
  Pump();
}

void WebSocketConnection::Pump() {
  if (ended_ || leaving_) return;
  if (HasExpired() && !frames_.IsClosing()) return OnExpired();
  if (operations_.waiting_bytes() > kWaitingBytesLimit) {
    spdlog::warn("a WebSocket client is dropped: results of more than {} bytes wait for it", kWaitingBytesLimit);
    return End();
  }
  if (!SendHandshake()) return End();
  if (handshake_.empty()) {
    do {
      if (!frames_.Send()) return End();
    } while (!frames_.WantsWrite() && session_ && operations_.SendNext(*session_));
  }
  const bool wants_write = !handshake_.empty() || frames_.WantsWrite();
  if (!wants_write && !frames_.WantsRead()) return LeaveGracefully();
  const std::uint32_t interest = wants_write ? EPOLLOUT : is_identifying_ ? 0U : EPOLLIN;
  if (interest != interest_) service_.loop.Change(fd_, interest);
  interest_ = interest;
  if (frames_.IsClosing() && !end_timer_) {
    operations_.StopAll();
    end_timer_ = service_.loop.After(kCloseLimit, [this] { End(); });
  }
}

bool WebSocketConnection::SendHandshake() {
  while (!handshake_.empty()) {
    const ssize_t sent = send(fd_, handshake_.data(), handshake_.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    handshake_.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

// Closing a socket that holds unread bytes resets the connection, and the close frame may be lost: end our side, read
// until the client ends its own.
void WebSocketConnection::LeaveGracefully() {
  operations_.StopAll();
  leaving_ = true;
  shutdown(fd_, SHUT_WR);
  if (interest_ != EPOLLIN) service_.loop.Change(fd_, EPOLLIN);
  interest_ = EPOLLIN;
  if (!end_timer_) end_timer_ = service_.loop.After(kCloseLimit, [this] { End(); });
}

void WebSocketConnection::CloseAndEnd(int code, std::string_view reason) {
  if (ended_ || frames_.IsClosing()) return;
  Close(code, reason);
  Pump();
}

void WebSocketConnection::End() {
  if (std::exchange(ended_, true)) return;
  operations_.StopAll();
  for (const auto& timer : {init_timer_, keep_alive_timer_, end_timer_, expiry_timer_})
    if (timer) service_.loop.Cancel(*timer);
  service_.loop.Forget(fd_);
  close(fd_);
  // Whoever called may still use this object or one of its parts: it dies in the loop's next turn.
  service_.loop.Post([self = shared_from_this()] {});
  service_.websockets.erase(shared_from_this());
}

void WebSocketConnection::SendText(std::string text) {
  frames_.QueueText(text);
}

void WebSocketConnection::Close(int code, std::string_view reason) {
  operations_.StopAll();
  frames_.QueueClose(code, reason);
}

void WebSocketConnection::Authenticate(const std::map<std::string, std::string>& headers, Admitted done) {
  is_identifying_ = is_asking_ = true;
  Identify(service_, headers, headers_, [weak = weak_from_this(), done = std::move(done)](auth::Outcome outcome) {
    const auto self = weak.lock();
    if (self != nullptr && !self->ended_) self->OnIdentified(std::move(outcome), done);
  });
  is_asking_ = false;
}

void WebSocketConnection::OnIdentified(auth::Outcome outcome, const Admitted& done) {
  is_identifying_ = false;
  if (frames_.IsClosing()) return;
  if (auto* identity = std::get_if<Identity>(&outcome)) {
    identity_ = std::move(*identity);
    headers_.clear();
    is_admitted_ = true;
    frames_.SetLongestMessage(service_.options.max_body_bytes);
    done(nullptr);
    ExpireLater();
  } else {
    done(&std::get<auth::Refusal>(outcome).error);
  }
  if (!is_asking_) GoOn();
}

// With what came meanwhile.
void WebSocketConnection::GoOn() {
  for (const std::string& text : std::exchange(held_texts_, {})) OnText(text);
  OnReady(EPOLLIN);
}

bool WebSocketConnection::HasExpired() const {
  return identity_.expires_at && std::chrono::system_clock::now() >=
                                     std::chrono::system_clock::time_point(std::chrono::seconds(*identity_.expires_at));
}

void WebSocketConnection::ExpireLater() {
  if (!identity_.expires_at) return;
  const auto left = std::chrono::system_clock::time_point(std::chrono::seconds(*identity_.expires_at)) -
                    std::chrono::system_clock::now();
  expiry_timer_ = service_.loop.After(
      std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left), 0ms, std::chrono::milliseconds(kLongestTimer)),
      [this] {
        expiry_timer_.reset();
        if (!HasExpired()) return ExpireLater();
        OnExpired();
      });
}

// Nothing is sent after that second, also nothing that waited for room in the socket.
void WebSocketConnection::OnExpired() {
  if (ended_ || leaving_ || frames_.IsClosing()) return;
  if (!handshake_.empty() || frames_.WantsWrite()) return End();
  CloseAndEnd(kForbidden, kExpired);
}

void WebSocketConnection::Start(const std::string& id, std::string_view payload) {
  operations_.Start(id, payload, identity_);
}

void WebSocketConnection::Stop(const std::string& id) {
  operations_.Stop(id);
}

ssize_t WebSocketConnection::Read(std::uint8_t* buffer, std::size_t size) {
  if (is_identifying_) {
    errno = EAGAIN;
    return -1;
  }
  if (!already_read_.empty()) {
    const std::size_t taken = std::min(size, already_read_.size());
    std::memcpy(buffer, already_read_.data(), taken);
    already_read_.erase(0, taken);
    return static_cast<ssize_t>(taken);
  }
  if (read_budget_ == 0) {
    errno = EAGAIN;
    return -1;
  }
  const ssize_t got = recv(fd_, buffer, size, 0);
  if (got > 0) {
    read_budget_ -= std::min(read_budget_, static_cast<std::size_t>(got));
    incoming_bytes_ += static_cast<std::size_t>(got);
  }
  return got;
}

ssize_t WebSocketConnection::Write(const std::uint8_t* data, std::size_t size, bool more) {
  return send(fd_, data, size, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

bool WebSocketConnection::OnFrame(std::size_t bytes) {
  // Of others messages are short, and are not to take the room of those who were let in.
  if (!is_admitted_) return true;
  if (incoming_.held() == 0) {
    incoming_since_ = Loop::Clock::now();
    incoming_bytes_ = 0;
  }
  return incoming_.GrowTo(incoming_.held() + bytes);
}

void WebSocketConnection::OnText(std::string_view text) {
  incoming_.Release();    // an operation that keeps it takes a share of its own
  if (is_identifying_) {  // no more than one read brought
    held_texts_.emplace_back(text);
    return;
  }
  if (HasExpired()) return OnExpired();
  if (session_) session_->OnText(text);
}

}  // namespace threefactor::api
