#include "postgres/async_connection.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using threefactor::Loop;
using threefactor::postgres::AsyncConnection;

namespace {

class Recorder final : public AsyncConnection::Owner {
 public:
  explicit Recorder(Loop& loop) : loop_(loop) {}
  void OnConnected() override { loop_.Stop(); }
  void OnConnectFailed(const std::string& why) override {
    failures.push_back(why);
    loop_.Stop();
  }
  void OnReady(std::uint32_t /*events*/) override {}

  std::vector<std::string> failures;

 private:
  Loop& loop_;
};

// A port of this machine that refuses connections: it is bound, and nobody listens.
class ClosedPort {
 public:
  ClosedPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~ClosedPort() { close(socket_); }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::string Url(const std::string& host) const {
    return "postgresql://u@" + host + ":" + std::to_string(port_) + "/d?sslmode=disable";
  }

 private:
  int socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("a connection that is refused is closed, and its owner is told why in one line", "[postgres]") {
  Loop loop;
  Recorder owner(loop);
  const ClosedPort port;
  const std::string url = port.Url("127.0.0.1");
  AsyncConnection connection(loop, url, "test", owner);
  connection.Open();
  if (owner.failures.empty()) loop.Run();
  REQUIRE(owner.failures.size() == 1);
  CHECK(owner.failures[0].find("Connection refused") != std::string::npos);
  CHECK(owner.failures[0].find('\n') == std::string::npos);
  CHECK_FALSE(connection.IsConnected());
}

TEST_CASE("a connection that was closed while its host was looked up is silent, and the next one is not",
          "[postgres]") {
  Loop loop;
  Recorder owner(loop);
  const ClosedPort port;
  const std::string url = port.Url("localhost");
  AsyncConnection connection(loop, url, "test", owner);
  connection.Open();
  connection.Close();
  connection.Open();
  loop.Run();
  CHECK(owner.failures.size() == 1);
}
