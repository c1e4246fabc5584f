// The whole HTTP server over a real socket, without a database: what it answers needs none.
#include "transport/http_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include <catch2/catch.hpp>

#include "api/endpoints.hpp"
#include "api/websocket.hpp"

using namespace threefactor;
using namespace threefactor::api;
using namespace threefactor::transport;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr std::size_t kMaxBody = 1000;

execute::ExecutorOptions Unreachable() {
  execute::ExecutorOptions options;
  options.database_url = "host=127.0.0.1 port=1 dbname=none";
  options.connections = 1;
  return options;
}

// Tests of HTTP as such are not about who may ask: any Host is served.
Options Open() {
  Options options;
  options.insecure = true;
  return options;
}

// A server on a loop of its own thread.
class RunningServer {
 public:
  explicit RunningServer(Options options = Open())
      : options_(std::move(options)),
        socket_("127.0.0.1", 0),
        executor_(loop_, Unreachable()),
        engine_(loop_, executor_, {}, [] {}),
        bodies_(options_.body_memory_bytes),
        service_{
            options_, loop_, executor_, engine_, schemas_, [](auto) {}, bodies_, documents_, cache::OperationCache(0)},
        server_(options_, loop_, bodies_,
                [this](int fd, const Handshake& handshake, std::string already_read,
                       std::map<std::string, std::string> headers, std::shared_ptr<void> place) {
                  StartWebSocket(service_, fd, handshake, std::move(already_read), std::move(headers),
                                 std::move(place));
                }) {
    options_.max_body_bytes = std::min(options_.max_body_bytes, kMaxBody);
    auto admin = std::make_shared<api::ServedRole>();
    admin->schema = schema::BuildSchema(std::make_shared<schema::Catalog>());
    auto snapshot = std::make_shared<api::SchemaStore::Snapshot>();
    snapshot->admin = std::move(admin);
    schemas_.Set(std::move(snapshot));
    AddEndpoints(server_.router(), service_);
    loop_.Post([this] { server_.Start(socket_, {&server_}); });
    thread_ = std::thread([this] { loop_.Run(); });
  }
  ~RunningServer() {
    loop_.Stop();
    thread_.join();
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  int port() const { return socket_.port(); }
  void Drain(std::function<void()> drained) {
    loop_.Post([this, drained] { server_.Drain(drained); });
  }

 private:
  Options options_;
  ListenSocket socket_;
  Loop loop_;
  execute::Executor executor_;
  live::Engine engine_;
  SchemaStore schemas_;
  cache::Documents documents_{1 << 20};
  BodyBudget bodies_;
  Service service_;
  HttpServer server_;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0) return;  // the server closed: what it answered is what counts
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Until `text` has come, or the server closes.
  std::string ReadUntil(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
      pollfd waiting{fd_, POLLIN, 0};
      REQUIRE(poll(&waiting, 1, 10000) == 1);
      char buffer[4096];
      const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    return received_;
  }
  std::string ReadAll() { return ReadUntil("\x01never"); }

 private:
  int fd_;
  std::string received_;
};

std::string Post(const std::string& body, const std::string& headers = "Content-Type: application/json\r\n") {
  return "POST /v1/graphql HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

const std::string kUpgrade =
    "GET /v1/graphql HTTP/1.1\r\nHost: gateway:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";
const std::string kTypename = R"({"query":"{__typename}"})";
const std::string kTypenameAnswer = R"({"data":{"__typename":"query_root"}})";

}  // namespace

TEST_CASE("an operation is answered over HTTP, byte by byte too", "[http]") {
  RunningServer server;
  Client client(server.port());
  const std::string request =
      Post(kTypename, "Content-Type: application/json; charset=utf-8\r\nX-Request-Id: me-1\r\n");
  for (const char byte : request) client.Send({&byte, 1});
  const std::string answer = client.ReadUntil(kTypenameAnswer);
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer, Contains("x-request-id: me-1\r\n"));
  CHECK_THAT(answer, Contains("Content-Type: application/json; charset=utf-8\r\n"));
}

TEST_CASE("pipelined requests are answered in their order", "[http]") {
  RunningServer server;
  Client client(server.port());
  // The first is answered in a later turn of the loop, the others could be at once.
  client.Send(
      Post(kTypename) +
      "GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadAll();
  const std::size_t first = answer.find(kTypenameAnswer);
  const std::size_t second = answer.find("server_type");
  const std::size_t third = answer.find("resource does not exist");
  REQUIRE(third != std::string::npos);
  CHECK(first < second);
  CHECK(second < third);
}

// A head that came before is not parsed again: what is known of it must be all, and of no other.
TEST_CASE("requests that repeat are answered as the first", "[http]") {
  RunningServer server;
  Client client(server.port());
  const std::string plain = "Content-Type: application/json\r\n";
  const std::string tagged = plain + "X-Request-Id: again\r\nAccept: application/graphql-response+json\r\n";
  std::string requests;
  for (int i = 0; i < 3; ++i) {
    requests += Post(kTypename, plain) + Post(kTypename, tagged) + Post(R"({"query":"{____name}  "})", plain);
    requests += "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  client.Send(requests + "HEAD /v1/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadAll();
  const auto count = [&answer](std::string_view text) {
    int times = 0;
    for (std::size_t at = answer.find(text); at != std::string::npos; at = answer.find(text, at + 1)) ++times;
    return times;
  };
  CHECK(count(kTypenameAnswer) == 6);
  CHECK(count("x-request-id: again\r\n") == 3);
  CHECK(count("Content-Type: application/graphql-response+json") == 3);
  CHECK(count("selectionSet.____name") == 3);
  CHECK(count("resource does not exist") == 3);
  CHECK(count("server_type") == 3);
  CHECK(count("HTTP/1.1 ") == 16);
}

TEST_CASE("chunked bodies and 100-continue", "[http]") {
  RunningServer server;
  Client client(server.port());
  client.Send(
      "POST /v1/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
      "Expect: 100-continue\r\n\r\n");
  CHECK_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  client.Send("5\r\n" + kTypename.substr(0, 5) + "\r\n13\r\n" + kTypename.substr(5) + "\r\n0\r\n\r\n");
  CHECK_THAT(client.ReadUntil(kTypenameAnswer), Contains(kTypenameAnswer));
}

TEST_CASE("what is refused says so and closes", "[http]") {
  RunningServer server;
  const auto answer_to = [&server](const std::string& text) {
    Client client(server.port());
    client.Send(text);
    return client.ReadAll();
  };
  CHECK_THAT(answer_to(Post(std::string(1001, ' '))), StartsWith("HTTP/1.1 413"));
  CHECK_THAT(answer_to("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(70000, 'x')), StartsWith("HTTP/1.1 431"));
  CHECK_THAT(answer_to("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  const std::string close = "Connection: close\r\n";
  CHECK_THAT(answer_to("GET /v1/version HTTP/1.1\r\nHost: x\r\n" + close + "X: " + std::string(9000, 'x') + "\r\n\r\n"),
             StartsWith("HTTP/1.1 200"));
  CHECK_THAT(answer_to("GET /v1/version?" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n" + close + "\r\n"),
             StartsWith("HTTP/1.1 414"));
  CHECK_THAT(answer_to("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n" + close + "\r\n"),
             StartsWith("HTTP/1.1 414"));
  CHECK_THAT(answer_to("PUT /v1/graphql HTTP/1.1\r\nHost: x\r\n" + close + "\r\n"),
             Contains("Allow: OPTIONS, POST, GET\r\n"));
  CHECK_THAT(answer_to("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + close + "\r\n{}"),
             StartsWith("HTTP/1.1 404"));
  CHECK_THAT(answer_to(Post(kTypename, "Content-Type: text/plain\r\n" + close)), StartsWith("HTTP/1.1 415"));
  CHECK_THAT(answer_to(Post(kTypename, close)),
             StartsWith("HTTP/1.1 415") && Contains("send the header Content-Type: application/json"));
  CHECK_THAT(answer_to(Post("{", "Content-Type: application/json\r\n" + close)), StartsWith("HTTP/1.1 400"));
  CHECK_THAT(answer_to(Post("[]", "Content-Type: application/json\r\n" + close)), StartsWith("HTTP/1.1 400"));
  CHECK_THAT(answer_to(Post(R"({"query":3})", "Content-Type: application/json\r\n" + close)),
             StartsWith("HTTP/1.1 400"));
}

TEST_CASE("a batch is answered in order, an error among them", "[http]") {
  RunningServer server;
  Client client(server.port());
  client.Send(Post("[" + kTypename + R"(,{"query":"{"},)" + kTypename + "]"));
  const std::string answer = client.ReadUntil("}]");
  CHECK_THAT(answer, Contains("[" + kTypenameAnswer + R"(,{"errors":)"));
  CHECK_THAT(answer, Contains("]}," + kTypenameAnswer + "]"));
}

TEST_CASE("health tells that the database cannot be reached", "[http]") {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.ReadUntil("ERROR"), StartsWith("HTTP/1.1 500"));
}

TEST_CASE("HEAD is answered without a body", "[http]") {
  RunningServer server;
  Client client(server.port());
  client.Send("HEAD /v1/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadAll();
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200"));
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("WebSockets count as connections", "[http][websocket]") {
  Options options = Open();
  options.max_connections = 1;
  RunningServer server(options);
  {
    Client socket(server.port());
    socket.Send(kUpgrade + "\r\n");
    REQUIRE_THAT(socket.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
    Client refused(server.port());
    REQUIRE_THAT(refused.ReadAll(), StartsWith("HTTP/1.1 503"));
  }
  // The place is free again once the server has noticed.
  std::string answer;
  while (!answer.starts_with("HTTP/1.1 200")) {
    Client next(server.port());
    next.Send("GET /v1/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    answer = next.ReadAll();
  }
}

TEST_CASE("a WebSocket is opened by GET, and only from an origin that may call", "[http][websocket]") {
  Options options = Open();
  options.cors_origins = {"https://app.example.com"};
  RunningServer server(options);
  const auto status = [&server](const std::string& request) {
    Client client(server.port());
    client.Send(request);
    return client.ReadUntil("\r\n\r\n").substr(0, 12);
  };
  CHECK(status(kUpgrade + "\r\n") == "HTTP/1.1 101");
  CHECK(status(kUpgrade + "Origin: https://app.example.com\r\n\r\n") == "HTTP/1.1 101");
  CHECK(status(kUpgrade + "Origin: http://gateway:8080\r\n\r\n") == "HTTP/1.1 101");  // its own console
  CHECK(status(kUpgrade + "Origin: https://evil.example.com\r\n\r\n") == "HTTP/1.1 403");
  CHECK(status("POST" + kUpgrade.substr(3) + "Content-Length: 0\r\n\r\n") == "HTTP/1.1 415");
}

// By a secret with "%": it is compared byte for byte.
TEST_CASE("who may not ask is refused by the head alone, whatever the body", "[http]") {
  Options options;
  options.admin_secret = "p%41ss";
  options.body_memory_bytes = 0;  // no body may wait
  RunningServer server(options);
  const auto answer_to = [&server](const std::string& head) {
    Client client(server.port());
    client.Send(head);
    return client.ReadAll();  // ends when the server closes, though the body did not come
  };
  const std::string json = "Content-Type: application/json\r\n";
  const std::string body = "Content-Length: 1000\r\n\r\n";
  const std::string secret = "X-Hasura-Admin-Secret: p%41ss\r\n";
  for (const char* path : {"/v1alpha1/graphql", "/v1/graphql/explain", "/v1/query", "/v2/query", "/v1/metadata"}) {
    INFO(path);
    const std::string post = std::string("POST ") + path + " HTTP/1.1\r\nHost: x\r\n" + json;
    CHECK_THAT(answer_to(post + body), StartsWith("HTTP/1.1 401"));
    CHECK_THAT(answer_to(post + "Transfer-Encoding: chunked\r\n\r\n"), StartsWith("HTTP/1.1 401"));
    CHECK_THAT(answer_to(post + "Expect: 100-continue\r\n" + body), StartsWith("HTTP/1.1 401"));
    CHECK_THAT(answer_to(post + "X-Hasura-Admin-Secret: pAss\r\n" + body), StartsWith("HTTP/1.1 401"));
    CHECK_THAT(answer_to(post + secret + secret + body), StartsWith("HTTP/1.1 401") && Contains("more than once"));
    CHECK_THAT(answer_to(post + secret + body), StartsWith("HTTP/1.1 503") && Contains("Retry-After: 1\r\n"));
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                             "application/jsonx", "application/graphql", "text/plain; application/json"})
      CHECK_THAT(answer_to(std::string("POST ") + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type + "\r\n" +
                           secret + body),
                 StartsWith("HTTP/1.1 415"));
    CHECK_THAT(answer_to(post + "Content-Type: text/plain\r\n" + secret + body), StartsWith("HTTP/1.1 415"));
  }
  CHECK_THAT(answer_to("POST /v1/graphql HTTP/1.1\r\nHost: x\r\n" + json + body),
             StartsWith("HTTP/1.1 200") && Contains("access-denied"));
  CHECK_THAT(answer_to("POST /nowhere HTTP/1.1\r\nHost: x\r\n" + body), StartsWith("HTTP/1.1 404"));
  // What came whole leaves the connection to the next request.
  const std::string empty = "POST /v1/query HTTP/1.1\r\nHost: x\r\n" + json + "Content-Length: 2\r\n\r\n{}";
  Client client(server.port());
  client.Send(empty + "GET /v1/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.ReadAll(), StartsWith("HTTP/1.1 401") && Contains("server_type"));
}

TEST_CASE("a body that came gives its memory back", "[http]") {
  Options options = Open();
  options.body_memory_bytes = kMaxBody;
  RunningServer server(options);
  for (int turn = 0; turn < 3; ++turn) {
    for (const bool chunked : {false, true}) {
      Client client(server.port());
      const std::string padded = kTypename + std::string(800, ' ');
      const std::string head = "POST /v1/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
      if (chunked) {
        client.Send(head + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
        client.ReadUntil("100 Continue\r\n\r\n");
        for (const char byte : padded) client.Send(std::string("1\r\n") + byte + "\r\n");
        client.Send("0\r\n\r\n");
      } else {
        client.Send(head + "Content-Length: " + std::to_string(padded.size()) + "\r\nExpect: 100-continue\r\n\r\n");
        client.ReadUntil("100 Continue\r\n\r\n");
        Client other(server.port());
        other.Send(head + "Content-Length: 900\r\n\r\n");
        CHECK_THAT(other.ReadAll(), StartsWith("HTTP/1.1 503") && Contains("Connection: close"));
        client.Send(padded);
      }
      CHECK_THAT(client.ReadUntil(kTypenameAnswer), Contains(kTypenameAnswer));
    }
  }
}

// What a page can make a browser send, and DNS rebinding: each endpoint and method, without a secret.
TEST_CASE("pages of other origins and other hosts are refused everywhere", "[http][origin]") {
  RunningServer server{Options()};
  const auto answer_to = [&server](const std::string& line, const std::string& headers) {
    Client client(server.port());
    client.Send(line + " HTTP/1.1\r\n" + headers + "Connection: close\r\nContent-Length: 0\r\n\r\n");
    return client.ReadAll();
  };
  const std::string upgrade = kUpgrade.substr(kUpgrade.find("Upgrade:"));
  for (const char* line :
       {"POST /v1/graphql", "GET /v1/graphql?query=%7B__typename%7D", "POST /v1alpha1/graphql", "GET /v1alpha1/graphql",
        "POST /v1/graphql/explain", "POST /v1/query", "POST /v2/query", "POST /v1/metadata", "GET /healthz",
        "HEAD /healthz", "GET /v1/version", "OPTIONS /v1/graphql", "OPTIONS *", "GET /nowhere", "PUT /v1/graphql"}) {
    INFO(line);
    const std::string local = "Host: localhost\r\n";
    for (const std::string& headers :
         {local + "Origin: https://evil.com\r\n", local + "Origin: null\r\n", local + "Sec-Fetch-Site: cross-site\r\n",
          local + "Origin: http://localhost\r\nOrigin: https://evil.com\r\n", std::string("Host: evil.com\r\n"),
          std::string("Host: evil.com\r\nOrigin: http://evil.com\r\nSec-Fetch-Site: same-origin\r\n"),
          local + upgrade + "Origin: https://evil.com\r\n", std::string("Host: evil.com\r\n") + upgrade}) {
      INFO(headers);
      const std::string answer = answer_to(line, headers);
      CHECK_THAT(answer, StartsWith("HTTP/1.1 403") && !Contains("Access-Control"));
      if (!std::string_view(line).starts_with("HEAD")) CHECK_THAT(answer, Contains("access-denied"));
    }
    const std::string ours = answer_to(line, local + "Origin: http://localhost:3000\r\nSec-Fetch-Site: same-site\r\n");
    CHECK_THAT(ours, !StartsWith("HTTP/1.1 403") && Contains("Access-Control-Allow-Origin: http://localhost:3000\r\n"));
  }
}

TEST_CASE("nothing of a header is decoded, and nothing with it split", "[http]") {
  RunningServer server{Options()};
  const auto answer_to = [&server](const std::string& headers) {
    Client client(server.port());
    client.Send(
        "OPTIONS /v1/graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: http://localhost\r\n"
        "Access-Control-Request-Method: POST\r\n" +
        headers + "\r\n");
    return client.ReadAll();
  };
  const std::string split =
      answer_to("Access-Control-Request-Headers: a%0d%0aX-Injected: yes%0d%0a%0d%0aHTTP/1.1 200 OK\r\n");
  CHECK_THAT(split, StartsWith("HTTP/1.1 204") && !Contains("Injected") && Contains("Allow-Headers: *\r\n"));
  CHECK_THAT(answer_to("X-Request-Id: a%0d%0ab\r\n"), Contains("x-request-id: a%0d%0ab\r\n"));
  CHECK_THAT(answer_to("X-Request-Id: a b\r\n"), !Contains("x-request-id: a b"));
  CHECK_THAT(answer_to("X: a\x01\r\n"), StartsWith("HTTP/1.1 400"));
  CHECK_THAT(answer_to("Origin: http://localhost\r\n"), StartsWith("HTTP/1.1 403"));
}

TEST_CASE("a drain closes what is idle", "[http]") {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n");
  client.ReadUntil("server_type");
  std::atomic<bool> drained = false;
  server.Drain([&drained] {
    drained = true;
    drained.notify_all();
  });
  client.ReadAll();  // ends when the server closes
  drained.wait(false);
  CHECK(drained);
}

// As when the first event loop of a gateway accepts before the last one has started.
TEST_CASE("a connection that was handed over before its server started is kept", "[http]") {
  const Options options = Open();
  const ListenSocket socket("127.0.0.1", 0);
  BodyBudget bodies(options.body_memory_bytes);
  std::array<Loop, 2> loops;
  HttpServer first(options, loops[0], bodies, {});
  HttpServer second(options, loops[1], bodies, {});
  std::array<std::thread, 2> threads;
  for (std::size_t i = 0; i < loops.size(); ++i) threads[i] = std::thread([&loop = loops[i]] { loop.Run(); });
  loops[0].Post([&] { first.Start(socket, {&first, &second}); });
  const std::string request = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::string answers;
  {
    Client one(socket.port());
    one.Send(request);
    answers = one.ReadUntil("\r\n\r\n");
    Client other(socket.port());  // the first server has a connection, so the second gets this one
    other.Send(request);
    answers += other.ReadUntil("\r\n\r\n");
    std::atomic<bool> started = false;
    loops[1].Post([&] {
      second.Start(socket, {&first, &second});
      started = true;
      started.notify_all();
    });
    started.wait(false);
    other.Send("GET /nothing HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: last\r\n\r\n");
    answers += other.ReadUntil("last");
  }
  for (Loop& loop : loops) loop.Stop();
  for (std::thread& thread : threads) thread.join();
  CHECK_THAT(answers, Contains("HTTP/1.1 404"));
  CHECK_THAT(answers, Contains("x-request-id: last"));
}

TEST_CASE("a port in use is reported", "[http]") {
  const ListenSocket first("127.0.0.1", 0);
  CHECK_THROWS_WITH(ListenSocket("127.0.0.1", first.port()), Contains("the port is in use"));
  CHECK_THROWS_WITH(ListenSocket("no.such.host.invalid", 1), Contains("no.such.host.invalid"));
}

TEST_CASE("http: one Host, and targets in absolute form") {
  const RunningServer server;
  const auto status = [&](const std::string& request) {
    Client client(server.port());
    client.Send(request + "Connection: close\r\n\r\n");
    return client.ReadAll().substr(0, 12);
  };
  CHECK(status("GET /v1/version HTTP/1.1\r\nHost: x\r\n") == "HTTP/1.1 200");
  CHECK(status("GET /v1/version HTTP/1.1\r\n") == "HTTP/1.1 400");
  CHECK(status("GET /v1/version HTTP/1.1\r\nHost: x\r\nHost: x\r\n") == "HTTP/1.1 400");
  CHECK(status("GET /v1/version HTTP/1.0\r\n") == "HTTP/1.1 200");
  CHECK(status("GET http://x:1/v1/version HTTP/1.1\r\nHost: x:1\r\n") == "HTTP/1.1 200");
  CHECK(status("GET https://x/v1/version?a=b HTTP/1.1\r\nHost: x\r\n") == "HTTP/1.1 200");
  CHECK(status("GET http://x HTTP/1.1\r\nHost: x\r\n") == "HTTP/1.1 404");
  CHECK(status("GET http://other/v1/version HTTP/1.1\r\nHost: x\r\n") == "HTTP/1.1 400");
}
