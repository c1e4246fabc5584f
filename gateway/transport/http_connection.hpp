// One client connection of the HTTP server: reads requests, answers them in order, one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "loop/loop.hpp"
#include "options/options.hpp"
#include "transport/body_budget.hpp"
#include "transport/content_coding.hpp"
#include "transport/http_framing.hpp"
#include "transport/http_message.hpp"
#include "transport/http_router.hpp"
#include "transport/websocket_handshake.hpp"

namespace threefactor::transport {

// What connections share, per loop.
class ConnectionOwner {
 public:
  virtual const Options& options() const = 0;
  virtual Loop& loop() = 0;
  virtual BodyBudget& bodies() = 0;
  virtual Router& request_router() = 0;
  virtual std::array<char, 64 << 10>& read_buffer() = 0;
  virtual std::string_view date() const = 0;  // for the Date header
  virtual std::int64_t second() const = 0;    // a clock of whole seconds
  virtual bool is_draining() const = 0;       // close after the answer
  virtual std::string MakeRequestId() = 0;
  virtual GzipEncoder& gzip() = 0;    // between two streams
  virtual void OnClosed(int fd) = 0;  // `fd` is still open; it is closed afterwards
  // It is a WebSocket's from now on, which owns `fd`. `already_read`: bytes after the request.
  virtual void OnUpgraded(int fd, const Handshake& handshake, std::string already_read,
                          std::map<std::string, std::string> headers) = 0;

 protected:
  ~ConnectionOwner() = default;
};

class HttpConnection final : public Responder, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(ConnectionOwner& owner, int fd);
  ~HttpConnection() override;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  void Start();
  void CheckTime();    // once a second: closes what is too slow
  void CloseIfIdle();  // nothing received, nothing to answer
  void Close();        // cancels what runs for the client

  // Responder
  void Send(Reply reply) override;
  void OnDisconnect(std::function<void()> cancel) override;
  std::string_view request_id() const override { return request_id_; }
  void BecomeWebSocket(const httplib::Request& request) override;

 private:
  void OnReady(std::uint32_t events);
  void ReadSome();
  void ProcessInput();
  void ReadHead(std::string_view text);
  void Ask(std::optional<std::string_view> body);
  void OnDecision(Endpoint::Decision decision);
  void AwaitBody();
  void HandleRequest(std::string_view body);
  void Refuse(Reply reply, bool keep_alive);
  struct Compression;
  void Compress(Reply reply);
  void CompressNext(std::shared_ptr<Compression> compression);
  void SendHeadAndBody(Reply reply);
  void Fail(int status, std::string_view why);
  void Write(std::string first, std::string second);
  void Flush();
  void OnFlushed();
  void UpdateInterest();

  ConnectionOwner& owner_;
  int fd_;
  std::string input_;
  std::size_t request_start_ = 0;  // into input_, while ProcessInput runs
  RequestFraming framing_;
  std::shared_ptr<const Head> head_;  // of the request coming in or being answered; null: it is not whole
  // kOpen: its head is not whole, or it was answered.
  enum class Admission { kOpen, kPending, kNeedsBody, kGranted, kRefused };
  Admission admission_ = Admission::kOpen;  // of that request
  Identity identity_;                       // who asks it, when that is granted
  Reply refusal_;                           // the answer, when it is refused
  BodyShare share_;                         // of the memory for its body
  std::deque<std::string> output_;          // what the socket did not take yet
  std::size_t output_offset_ = 0;           // into the first of them
  std::string request_id_;                  // of the request being answered: the client's, or ours
  std::string response_headers_;            // of its answer: CORS
  std::function<void()> cancel_;
  std::int64_t since_;  // second of the last progress; while a request comes in, of its first byte
  std::uint32_t interest_ = 0;
  bool processing_ = false;  // ProcessInput is on the stack
  bool answering_ = false;   // a handler has the request
  bool head_only_ = false;   // HEAD: the answer has no body
  bool gzip_ = false;        // the client takes a compressed answer
  bool keep_alive_ = true;   // of the request being answered
  bool continued_ = false;   // 100 was sent for the request coming in
  bool closing_ = false;     // nothing more is read; closes when the output is flushed
  bool lingering_ = false;   // output is shut down; the client's rest is read and dropped
};

}  // namespace threefactor::transport
