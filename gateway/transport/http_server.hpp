// The HTTP/1.1 server of one loop: accepts connections, keeps and times them, and hands each request to the router.
// All loops accept from one listening socket; a connection goes to the loop that has the fewest.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "transport/http_connection.hpp"
#include "transport/http_router.hpp"

namespace threefactor::transport {

class ListenSocket {
 public:
  // Throws std::runtime_error saying what is wrong (port in use, unknown address). Port 0: any free one.
  ListenSocket(const std::string& host, int port);
  ~ListenSocket();
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  int fd() const { return fd_; }
  int port() const { return port_; }
  // From now on clients are refused instead of waiting in the backlog. The descriptor stays, since loops still watch
  // it.
  void Refuse() const;

 private:
  int fd_ = -1;
  int port_ = 0;
};

class HttpServer final : public ConnectionOwner {
 public:
  // Takes over a connection that has become a WebSocket: `fd`, the answer to be sent first, bytes after the request,
  // headers. It counts as a connection until `place` is dropped.
  using Upgrade = std::function<void(int fd, const Handshake& handshake, std::string already_read,
                                     std::map<std::string, std::string> headers, std::shared_ptr<void> place)>;

  // All that is referred to outlives the server.
  HttpServer(const Options& options, Loop& loop, BodyBudget& bodies, Upgrade upgrade);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  Router& router() { return router_; }
  // On the loop's thread. `peers`: the servers of all loops, this one too; all outlive the loops' running.
  void Start(const ListenSocket& socket, std::vector<HttpServer*> peers);
  // Accepts nothing more, closes what is idle, lets requests finish; calls `drained` once no connection is left.
  void Drain(std::function<void()> drained);
  int connection_count() const { return connection_count_->load(std::memory_order_relaxed); }  // any thread

 private:
  // ConnectionOwner
  const Options& options() const override { return options_; }
  Loop& loop() override { return loop_; }
  BodyBudget& bodies() override { return bodies_; }
  Router& request_router() override { return router_; }
  std::array<char, 64 << 10>& read_buffer() override { return read_buffer_; }
  std::string_view date() const override { return date_; }
  std::int64_t second() const override { return second_; }
  bool is_draining() const override { return draining_; }
  std::string MakeRequestId() override;
  GzipEncoder& gzip() override { return gzip_; }
  void OnClosed(int fd) override;
  void OnUpgraded(int fd, const Handshake& handshake, std::string already_read,
                  std::map<std::string, std::string> headers) override;

  void Accept();
  void Adopt(int fd);
  void Sweep();
  void Remove(int fd);

  const Options& options_;
  Loop& loop_;
  BodyBudget& bodies_;
  const Upgrade upgrade_;
  Router router_;
  std::array<char, 64 << 10> read_buffer_;
  std::unordered_map<int, std::shared_ptr<HttpConnection>> connections_;
  // WebSockets too, which may outlive the server.
  std::shared_ptr<std::atomic<int>> connection_count_ = std::make_shared<std::atomic<int>>(0);
  std::vector<HttpServer*> peers_;
  int listen_fd_ = -1;
  std::string date_;
  std::int64_t second_;
  Loop::TimerId sweep_ = 0;
  std::mt19937_64 random_;
  GzipEncoder gzip_;
  bool draining_ = false;
  std::function<void()> drained_;
};

}  // namespace threefactor::transport
