#include "kit/server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>
#include <thread>

#include "kit/http_socket.hpp"

namespace threefactor::kit {

namespace {

constexpr std::size_t kMaximumBody = 32 << 20;

void Send(httplib::Response& response, const Reply& reply) {
  response.status = reply.status;
  response.set_content(reply.body, "application/json");
}

void Verify(const Verifier& verifier, const httplib::Request& request) {
  const std::string id = request.get_header_value("webhook-id");
  const std::string timestamp = request.get_header_value("webhook-timestamp");
  const std::string signature = request.get_header_value("webhook-signature");
  verifier.Verify({id, timestamp, signature, request.body}, std::time(nullptr));
}

Reply Answer(const std::string& path, const httplib::Request& request, const Handler& handler,
             const Verifier* verifier) {
  try {
    if (verifier != nullptr) Verify(*verifier, request);
    return handler(Call(request.body, request.get_header_value("Idempotency-Key")));
  } catch (const Rejected& rejected) {
    spdlog::warn("{}: {} {}", path, rejected.status(), rejected.what());
    return ReplyWith(rejected.status(), {{"error", rejected.what()}});
  } catch (const std::exception& error) {
    spdlog::error("{}: 500 {}", path, error.what());
    return ReplyWith(500, {{"error", error.what()}});
  }
}

// Names of headers and nothing else, as it is sent back.
bool IsNameList(const std::string& text) {
  return !text.empty() && text.size() <= 1024 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == ',' || c == ' ';
  });
}

void AllowEveryOrigin(const httplib::Request& request, httplib::Response& response) {
  response.set_header("Access-Control-Allow-Origin", "*");
  if (request.method != "OPTIONS") return;
  response.set_header("Access-Control-Allow-Methods", "POST, OPTIONS");
  const std::string asked = request.get_header_value("Access-Control-Request-Headers");
  response.set_header("Access-Control-Allow-Headers", IsNameList(asked) ? asked : "content-type, idempotency-key");
  response.set_header("Access-Control-Max-Age", "86400");
}

}  // namespace

Server::Server(int threads) : server_(MakeHttpServer()) {
  server_->new_task_queue = [threads] { return new httplib::ThreadPool(static_cast<std::size_t>(threads)); };
  // Headers and body are written separately: with Nagle's algorithm each answer would wait 40 ms for an
  // acknowledgement.
  server_->set_tcp_nodelay(true);
  // An open connection holds a thread. So an idle one is closed soon, a busy one is kept.
  server_->set_keep_alive_timeout(2);
  server_->set_keep_alive_max_count(1'000'000'000);
  server_->set_payload_max_length(kMaximumBody);
  // Not the library's SO_REUSEPORT: with it a second server would share the port instead of being told that it is in
  // use.
  server_->set_socket_options([](socket_t socket) {
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  server_->set_post_routing_handler(AllowEveryOrigin);
  server_->set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (!response.body.empty()) return;
    const std::string message = fmt::format("{} {}: status {}", request.method, request.path, response.status);
    Send(response, ReplyWith(response.status, {{"error", message}}));
  });
  server_->Get("/healthz",
               [](const httplib::Request&, httplib::Response& response) { response.set_content("OK", "text/plain"); });
}

Server::~Server() = default;

void Server::On(const std::string& path, Handler handler, std::shared_ptr<const Verifier> verifier) {
  server_->Post(path, [path, handler = std::move(handler), verifier = std::move(verifier)](
                          const httplib::Request& request, httplib::Response& response) {
    Send(response, Answer(path, request, handler, verifier.get()));
  });
  server_->Options(path, [](const httplib::Request&, httplib::Response& response) { response.status = 204; });
}

void Server::Serve(const std::string& host, int port) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (!server_->bind_to_port(host, port)) {
    throw std::runtime_error(fmt::format("cannot listen on {}:{}: {}", host, port, std::strerror(errno)));
  }
  std::thread stopper([this, &signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    server_->stop();
  });
  spdlog::info("handlers serve on http://{}:{}", host, port);
  const bool stopped_by_signal = server_->listen_after_bind();
  // If serving ended for another reason, the thread still waits.
  if (!stopped_by_signal) kill(getpid(), SIGTERM);
  stopper.join();
  if (!stopped_by_signal) throw std::runtime_error("accepting connections failed");
}

}  // namespace threefactor::kit
