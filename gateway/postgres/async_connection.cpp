#include "postgres/async_connection.hpp"

#include <sys/epoll.h>

#include <chrono>
#include <utility>

#include "postgres/connect.hpp"
#include "postgres/message.hpp"

namespace threefactor::postgres {

namespace {

constexpr std::chrono::seconds kConnectLimit(10);

}  // namespace

AsyncConnection::AsyncConnection(Loop& loop, const std::string& connection_string, const char* application_name,
                                 Owner& owner)
    : loop_(loop),
      connection_string_(connection_string),
      application_name_(application_name),
      owner_(owner),
      resolver_(loop) {}

AsyncConnection::~AsyncConnection() {
  Close();
}

void AsyncConnection::Open() {
  Close();
  state_ = State::kResolving;
  limit_ = loop_.After(kConnectLimit, [this] { Fail("the database did not answer in time"); });
  resolver_.Resolve(connection_string_, [this, attempt = ++attempt_](const Addresses& addresses) {
    if (attempt == attempt_ && state_ == State::kResolving) Start(addresses);
  });
}

void AsyncConnection::Start(const Addresses& addresses) {
  if (!addresses.failure.empty()) return Fail(addresses.failure);
  postgres_ = StartConnecting(connection_string_, application_name_, addresses);
  if (PQstatus(postgres_.get()) == CONNECTION_BAD) return Fail(MessageOf(postgres_.get()));
  state_ = State::kConnecting;
  Watch(EPOLLOUT);
}

void AsyncConnection::Poll() {
  // PQconnectPoll may close its socket and open another (next host, SSL refused), perhaps with the same number.
  Forget();
  switch (PQconnectPoll(postgres_.get())) {
    case PGRES_POLLING_READING:
      return Watch(EPOLLIN);
    case PGRES_POLLING_WRITING:
      return Watch(EPOLLOUT);
    case PGRES_POLLING_OK:
      loop_.Cancel(limit_);
      PQsetnonblocking(postgres_.get(), 1);
      state_ = State::kConnected;
      Watch(EPOLLIN);
      return owner_.OnConnected();
    default:
      return Fail(MessageOf(postgres_.get()));
  }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): a copy, since what it is of may end with the connection
void AsyncConnection::Fail(std::string why) {
  Close();
  owner_.OnConnectFailed(why);
}

bool AsyncConnection::Flush() {
  const int left = PQflush(postgres_.get());
  // Of a socket that is broken for writing nothing is heard but its end, behind what is still to be read.
  const std::uint32_t events = left == 1 ? EPOLLIN | EPOLLOUT : EPOLLIN;
  if (events != events_) Watch(events);
  return left >= 0;
}

void AsyncConnection::Close() {
  loop_.Cancel(limit_);
  Forget();
  postgres_.reset();
  state_ = State::kClosed;
}

void AsyncConnection::Watch(std::uint32_t events) {
  events_ = events;
  if (watched_ >= 0) return loop_.Change(watched_, events);
  watched_ = PQsocket(postgres_.get());
  loop_.Watch(watched_, events, [this](std::uint32_t happened) {
    if (state_ == State::kConnecting) return Poll();
    owner_.OnReady(happened);
  });
}

void AsyncConnection::Forget() {
  if (watched_ >= 0) loop_.Forget(std::exchange(watched_, -1));
}

}  // namespace threefactor::postgres
