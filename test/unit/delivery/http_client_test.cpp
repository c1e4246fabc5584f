#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "http_client/client.hpp"

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

namespace {

// Serves one connection after the other on a port of 127.0.0.1; to each request on it, `answers` in turn. "" closes,
// "..." does not answer.
class Server {
 public:
  explicit Server(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listener_, 16) == 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x";
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& Url() const { return url_; }
  // Once the client is done:
  const std::vector<std::string>& Requests() const { return requests_; }
  int Connections() const { return connections_; }

 private:
  void Serve() {
    for (int client; next_ < answers_.size() && (client = accept(listener_, nullptr, nullptr)) >= 0; close(client)) {
      connections_++;
      while (next_ < answers_.size()) {
        const std::string request = ReadRequest(client);
        if (request.empty()) break;
        requests_.push_back(request);
        const std::string& answer = answers_[next_++];
        if (answer.empty()) break;
        if (answer == "...") {
          (void)ReadRequest(client);  // until the client has gone
          break;
        }
        (void)!write(client, answer.data(), answer.size());
      }
    }
  }
  static std::string ReadRequest(int client) {
    std::string request;
    char buffer[65536];
    for (;;) {
      const ssize_t size = read(client, buffer, sizeof buffer);
      if (size <= 0) return "";
      request.append(buffer, static_cast<std::size_t>(size));
      const auto end = request.find("\r\n\r\n");
      const auto length = request.find("Content-Length: ");
      if (end == std::string::npos || length == std::string::npos) continue;
      if (request.size() >= end + 4 + std::stoul(request.substr(length + 16))) return request;
    }
  }

  std::vector<std::string> answers_;
  std::size_t next_ = 0;
  std::vector<std::string> requests_;
  int connections_ = 0;
  int listener_;
  std::string url_;
  std::thread thread_;
};

std::string Answer(int status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

HttpRequest RequestTo(const std::string& url, std::uint64_t id = 1, Milliseconds timeout = 5s) {
  HttpRequest request;
  request.id = id;
  request.url = url;
  request.headers = {"Content-Type: application/json", "X-A: b"};
  request.body = R"({"a":1})";
  request.timeout = timeout;
  return request;
}

HttpAnswer Finish(HttpClient& client) {
  std::vector<HttpAnswer> answers;
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (answers.empty() && std::chrono::steady_clock::now() < end) {
    client.Perform(answers);
    if (answers.empty()) client.Wait(100ms);
  }
  REQUIRE(answers.size() == 1);
  return answers[0];
}

}  // namespace

TEST_CASE("a POST is sent whole and its answer comes back, over one connection") {
  HttpClient client;
  {
    Server server({Answer(200, "fine"), Answer(503, "later", "Retry-After: 7\r\n")});
    client.Start(RequestTo(server.Url(), 41));
    HttpAnswer answer = Finish(client);
    CHECK(answer.id == 41);
    CHECK(answer.status == 200);
    CHECK(answer.body == "fine");
    CHECK(answer.error.empty());
    CHECK_FALSE(answer.retry_after);
    client.Start(RequestTo(server.Url()));
    answer = Finish(client);
    CHECK(answer.status == 503);
    CHECK(answer.retry_after == "7");
    CHECK(client.InFlight() == 0);
    CHECK(server.Connections() == 1);
    const std::string& request = server.Requests()[0];
    CHECK(request.starts_with("POST /x HTTP/1.1\r\n"));
    CHECK(request.find("\r\nX-A: b\r\n") != std::string::npos);
    CHECK(request.find("\r\nUser-Agent: threefactor\r\n") != std::string::npos);
    CHECK(request.ends_with("\r\n\r\n{\"a\":1}"));
  }
}

TEST_CASE("a large body is sent without asking first") {
  Server server({Answer(200, "")});
  HttpClient client;
  HttpRequest request = RequestTo(server.Url());
  request.body.assign(3000000, 'x');
  client.Start(std::move(request));
  CHECK(Finish(client).status == 200);
  CHECK(server.Requests()[0].find("Expect") == std::string::npos);
}

TEST_CASE("no redirect is followed") {
  Server server({Answer(302, "", "Location: /elsewhere\r\n")});
  HttpClient client;
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).status == 302);
}

TEST_CASE("no connection to a denied address, whatever name leads there") {
  Server server({Answer(200, "")});
  HttpClient client;
  HttpOptions options;
  options.egress.denied = ParseNetworks("127.0.0.0/8, ::1");
  client.Configure(options);
  const std::string port_and_path = server.Url().substr(server.Url().rfind(':'));
  for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"}) {
    client.Start(RequestTo("http://" + std::string(host) + port_and_path));
    const HttpAnswer answer = Finish(client);
    CHECK(answer.status == 0);
    CHECK(answer.error.find("is denied by threefactor.denied_networks") != std::string::npos);
  }
  CHECK(server.Connections() == 0);
  client.Configure({});
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).status == 200);
}

TEST_CASE("a connection that is open already is judged by the rule of the moment") {
  Server server({Answer(200, ""), Answer(200, "")});
  HttpClient client;
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).status == 200);
  HttpOptions options;
  options.egress.allowed = ParseNetworks("10.0.0.0/8");
  client.Configure(options);
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).error == "the address is not among threefactor.allowed_networks: 127.0.0.1");
  client.Configure({});
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).status == 200);
}

TEST_CASE("a proxy of the environment is not used, a given one is") {
  Server server({Answer(200, "direct")});
  Server proxy({Answer(200, "by proxy")});
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  HttpClient client;
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).body == "direct");
  unsetenv("http_proxy");
  HttpOptions options;
  options.proxy = proxy.Url().substr(0, proxy.Url().rfind('/'));
  client.Configure(options);
  client.Start(RequestTo("http://nowhere.invalid/y"));
  CHECK(Finish(client).body == "by proxy");
  REQUIRE(proxy.Requests().size() == 1);
  CHECK(proxy.Requests()[0].starts_with("POST http://nowhere.invalid/y HTTP/1.1"));
}

TEST_CASE("of a long response the beginning is kept; one without end is cut off, its status counts") {
  HttpClient client;
  HttpOptions options;
  options.keep = 10;
  options.most = 100000;
  client.Configure(options);
  Server server({Answer(200, std::string(50000, 'x')),
                 "HTTP/1.1 200 X\r\nContent-Length: 1000000000\r\n\r\n" + std::string(300000, 'y')});
  client.Start(RequestTo(server.Url()));
  HttpAnswer answer = Finish(client);
  CHECK(answer.status == 200);
  CHECK(answer.body.size() == 11);
  client.Start(RequestTo(server.Url()));
  answer = Finish(client);
  CHECK(answer.status == 200);
  CHECK(answer.body == std::string(11, 'y'));
  CHECK(answer.error == "the response was cut off at 100000 bytes");
}

TEST_CASE("no answer is an answer with a reason") {
  HttpClient client;
  SECTION("nobody listens") {
    client.Start(RequestTo("http://127.0.0.1:1/"));
    const HttpAnswer answer = Finish(client);
    CHECK(answer.status == 0);
    CHECK(answer.error.find("connect") != std::string::npos);
  }
  SECTION("it hangs") {
    Server server({"..."});
    client.Start(RequestTo(server.Url(), 1, 50ms));
    const HttpAnswer answer = Finish(client);
    CHECK(answer.status == 0);
    CHECK(answer.error.find("timed out") != std::string::npos);
    CHECK(answer.duration >= 50);
  }
  SECTION("it closes") {
    Server server({""});
    client.Start(RequestTo(server.Url()));
    CHECK(Finish(client).status == 0);
  }
  SECTION("it speaks something else") {
    Server server({"hello\r\n\r\n"});
    client.Start(RequestTo(server.Url(), 1, 500ms));
    CHECK(Finish(client).status == 0);
  }
  SECTION("the URL is none, or of another scheme") {
    for (const char* url : {"", "http://", "file:///etc/hostname", "gopher://127.0.0.1/"}) {
      client.Start(RequestTo(url));
      CHECK(Finish(client).status == 0);
    }
  }
}

TEST_CASE("a request is sent once, also when the connection kept open for it ends without an answer") {
  Server server({Answer(200, "first"), "", Answer(200, "third")});
  HttpClient client;
  client.Start(RequestTo(server.Url()));
  CHECK(Finish(client).status == 200);
  client.Start(RequestTo(server.Url(), 2));
  const HttpAnswer died = Finish(client);
  CHECK(died.status == 0);
  CHECK(died.error == "the connection, kept open from before, was closed without an answer");
  client.Start(RequestTo(server.Url(), 3));
  CHECK(Finish(client).body == "third");
  CHECK(server.Requests().size() == 3);
  CHECK(server.Connections() == 2);
}

TEST_CASE("an answer whose header has no end is cut off") {
  Server server({"HTTP/1.1 200 X\r\n" + std::string(20000, 'x') + ": y\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 100; i++) lines += "X-" + std::to_string(i) + ": " + std::string(5000, 'y') + "\r\n";
    return lines + "\r\n";
  }()});
  HttpClient client;
  client.Start(RequestTo(server.Url()));
  const HttpAnswer answer = Finish(client);
  CHECK(answer.status == 0);
  CHECK(answer.error == "the answer's header is too large");
}

TEST_CASE("waiting ends when somebody wakes the client, also before it waits") {
  HttpClient client;
  const auto begin = std::chrono::steady_clock::now();
  client.Wake();
  client.Wait(10s);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}
