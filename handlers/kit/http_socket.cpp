#include "kit/http_socket.hpp"

#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

namespace threefactor::kit {

namespace {

bool IsReady(int fd, short events, std::chrono::milliseconds time) {
  pollfd waiting{fd, events, 0};
  int found = 0;
  do found = poll(&waiting, 1, static_cast<int>(time.count()));
  while (found < 0 && errno == EINTR);
  return found > 0;
}

// The bytes of a connection. In the values of headers each "%" becomes "%25", which the library decodes again.
class Connection final : public httplib::Stream {
 public:
  Connection(int fd, std::chrono::milliseconds patience) : fd_(fd), patience_(patience) {}

  void BeginRequest() { part_ = Part::kRequestLine; }
  bool HasRead() const { return begin_ < end_; }  // of the next request

  bool is_readable() const override { return HasRead() || IsReady(fd_, POLLIN, patience_); }
  bool is_writable() const override { return IsReady(fd_, POLLOUT, patience_); }

  ssize_t read(char* target, size_t size) override {
    if (!escape_.empty()) {
      *target = escape_.front();
      escape_.remove_prefix(1);
      return 1;
    }
    if (!HasRead() && !Fill()) return -1;
    if (part_ != Part::kBody) {  // of which the library reads one byte at a time
      *target = buffer_[begin_++];
      Follow(*target);
      return 1;
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::memcpy(target, &buffer_[begin_], count);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* source, size_t size) override {
    ssize_t sent = -1;
    do {
      if (!is_writable()) return -1;
      sent = send(fd_, source, size, MSG_NOSIGNAL);
    } while (sent < 0 && (errno == EINTR || errno == EAGAIN));
    return sent;
  }

  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  socket_t socket() const override { return fd_; }

 private:
  enum class Part { kRequestLine, kLineStart, kName, kValue, kBody };

  bool Fill() {
    begin_ = end_ = 0;
    ssize_t count = -1;
    do {
      if (!IsReady(fd_, POLLIN, patience_)) return false;
      count = recv(fd_, buffer_.data(), buffer_.size(), 0);
    } while (count < 0 && (errno == EINTR || errno == EAGAIN));
    if (count > 0) end_ = static_cast<std::size_t>(count);
    return count > 0;
  }

  // An empty line ends the head.
  void Follow(char c) {
    if (c == '\n') {
      part_ = part_ == Part::kLineStart ? Part::kBody : Part::kLineStart;
    } else if (part_ == Part::kLineStart && c != '\r') {
      part_ = Part::kName;
    } else if (part_ == Part::kName && c == ':') {
      part_ = Part::kValue;
    } else if (part_ == Part::kValue && c == '%') {
      escape_ = "25";
    }
  }

  const int fd_;
  const std::chrono::milliseconds patience_;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Part part_ = Part::kRequestLine;
  std::string_view escape_;  // what is left of it
};

class HttpServer final : public httplib::Server {
 private:
  bool process_and_close_socket(socket_t fd) override {
    Connection connection(fd, std::chrono::seconds(read_timeout_sec_));
    bool goes_on = true;
    for (std::size_t left = keep_alive_max_count_; goes_on && left > 0 && AwaitRequest(connection, fd); --left) {
      bool is_closed = false;
      connection.BeginRequest();
#ifdef HTTPLIB_TAKES_ADDRESSES
      std::string remote, local;
      int remote_port = 0, local_port = 0;
      connection.get_remote_ip_and_port(remote, remote_port);
      connection.get_local_ip_and_port(local, local_port);
      goes_on = process_request(connection, remote, remote_port, local, local_port, left == 1, is_closed, nullptr) &&
                !is_closed;
#else
      goes_on = process_request(connection, left == 1, is_closed, nullptr) && !is_closed;
#endif
    }
    shutdown(fd, SHUT_RDWR);
    close(fd);
    return goes_on;
  }

  // False: nothing came in time, or the server is being stopped.
  bool AwaitRequest(const Connection& connection, int fd) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(keep_alive_timeout_sec_);
    while (svr_sock_ != INVALID_SOCKET && std::chrono::steady_clock::now() < end)
      if (connection.HasRead() || IsReady(fd, POLLIN, std::chrono::milliseconds(20))) return true;
    return false;
  }
};

}  // namespace

std::unique_ptr<httplib::Server> MakeHttpServer() {
  return std::make_unique<HttpServer>();
}

}  // namespace threefactor::kit
