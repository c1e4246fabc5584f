#include "transport/http_connection.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "transport/web_origin.hpp"

namespace threefactor::transport {

namespace {

// A request may take this long, and longer by its size, as a slow but honest uplink needs.
constexpr std::int64_t kRequestSeconds = 10;
constexpr std::int64_t kSlowestBytesPerSecond = 16 << 10;
constexpr std::int64_t kIdleSeconds = 120;
constexpr std::int64_t kWriteSeconds = 60;  // without the client taking a byte
constexpr std::int64_t kLingerSeconds = 2;
constexpr std::size_t kReadAheadLimit = 256 << 10;    // of pipelined requests, while one is answered
constexpr std::size_t kLeastToCompress = 1 << 10;     // what fits into a packet or two gains nothing
constexpr std::size_t kCompressedAtOnce = 128 << 10;  // about a millisecond; then others get their turn
constexpr std::size_t kKeptCapacity = 16 << 10;       // of an idle connection's buffer

bool IsUsableRequestId(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

HttpConnection::HttpConnection(ConnectionOwner& owner, int fd)
    : owner_(owner),
      fd_(fd),
      framing_({.body_bytes = owner.options().max_body_bytes}),
      share_(owner.bodies()),
      since_(owner.second()) {}

HttpConnection::~HttpConnection() {
  if (fd_ >= 0) close(fd_);
}

void HttpConnection::Start() {
  interest_ = EPOLLIN | EPOLLRDHUP;
  owner_.loop().Watch(fd_, interest_, [self = shared_from_this()](std::uint32_t events) { self->OnReady(events); });
}

void HttpConnection::Close() {
  if (fd_ < 0) return;
  const std::shared_ptr<HttpConnection> keep = shared_from_this();
  const int fd = std::exchange(fd_, -1);
  owner_.loop().Forget(fd);
  owner_.OnClosed(fd);
  close(fd);
  if (const auto cancel = std::exchange(cancel_, nullptr)) cancel();
}

void HttpConnection::CloseIfIdle() {
  if (!answering_ && input_.empty() && output_.empty()) Close();
}

void HttpConnection::CheckTime() {
  const std::int64_t passed = owner_.second() - since_;
  if (lingering_) {
    if (passed > kLingerSeconds) Close();
  } else if (!output_.empty()) {
    if (passed > kWriteSeconds) Close();
  } else if (answering_ || admission_ == Admission::kPending) {
    return;  // the statement timeout is the limit, and that of who is asked
  } else if (input_.empty()) {
    if (passed > kIdleSeconds) Close();
  } else {
    const std::size_t received = input_.size() + framing_.forgotten_size();
    if (passed > kRequestSeconds + static_cast<std::int64_t>(received) / kSlowestBytesPerSecond)
      Fail(408, "the request did not arrive in time");
  }
}

void HttpConnection::OnReady(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) Flush();
  if (fd_ < 0) return;
  if ((events & EPOLLIN) != 0 && (interest_ & EPOLLIN) != 0) return ReadSome();
  // The client went away while nothing is read from it.
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) Close();
}

void HttpConnection::ReadSome() {
  auto& buffer = owner_.read_buffer();
  const bool was_empty = input_.empty();
  for (int turn = 0; turn < 4; ++turn) {  // then others get their turn
    const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) return Close();  // as other servers do, one who closes his side only is gone too
    if (lingering_ || closing_) continue;
    input_.append(buffer.data(), static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < buffer.size()) break;
  }
  if (was_empty && !answering_) since_ = owner_.second();
  ProcessInput();
}

void HttpConnection::ProcessInput() {
  if (processing_) return;
  processing_ = true;
  request_start_ = 0;
  while (fd_ >= 0 && !answering_ && !closing_ && output_.empty() && request_start_ < input_.size()) {
    const std::string_view buffer = std::string_view(input_).substr(request_start_);
    const RequestFraming::State state = framing_.Advance(buffer);
    if (state == RequestFraming::State::kFailed) {
      Fail(framing_.failure_status(), framing_.failure());
      break;
    }
    if (framing_.has_head() && head_ == nullptr) ReadHead(framing_.Head(buffer));
    if (state == RequestFraming::State::kComplete && admission_ == Admission::kNeedsBody) Ask(framing_.Body(buffer));
    if (admission_ == Admission::kPending) break;
    const bool is_refused = admission_ == Admission::kRefused;
    if (state == RequestFraming::State::kIncomplete) {
      if (is_refused)
        Refuse(std::move(refusal_), /*keep_alive=*/false);  // nobody waits for its body
      else if (framing_.has_head())
        AwaitBody();
      break;
    }
    if (is_refused)
      Refuse(std::move(refusal_), framing_.keep_alive());
    else
      HandleRequest(framing_.Body(buffer));
    request_start_ += framing_.size();
    framing_.Reset();
    continued_ = false;
    since_ = owner_.second();
  }
  processing_ = false;
  if (fd_ < 0) return;
  if (closing_ && !answering_) framing_.Reset();  // who lingers keeps nothing of a body
  if (request_start_ == input_.size() || closing_) {
    if (input_.capacity() > kKeptCapacity)
      std::string().swap(input_);
    else
      input_.clear();
  } else if (request_start_ > 0) {
    input_.erase(0, request_start_);
  }
  UpdateInterest();
}

void HttpConnection::ReadHead(std::string_view text) {
  head_ = owner_.request_router().Read(text);
  const httplib::Request& request = head_->request;
  head_only_ = request.method == "HEAD";
  const std::string_view id = HeaderOf(request, "x-request-id");
  request_id_ = IsUsableRequestId(id) ? std::string(id) : owner_.MakeRequestId();
  // Paths that no endpoint has may hold anything, and queries hold values.
  spdlog::debug("request {}: {} {}", request_id_, head_->endpoint == nullptr ? "to no endpoint" : request.method,
                head_->endpoint == nullptr ? "" : request.target);
  gzip_ = AcceptsGzip(HeaderOf(request, "accept-encoding"));
  OriginVerdict verdict = JudgeOrigin(request.headers, owner_.options());
  admission_ = Admission::kRefused;
  if (verdict.refusal) {
    refusal_ = ErrorReply(403, *verdict.refusal);
    return;
  }
  response_headers_ = std::move(verdict.cors_headers);
  if (head_->endpoint == nullptr) {
    refusal_ = head_->refusal;
    return;
  }
  identity_ = {};
  admission_ = Admission::kGranted;
  if (head_->endpoint->admit) Ask(std::nullopt);
}

void HttpConnection::Ask(std::optional<std::string_view> body) {
  admission_ = Admission::kPending;
  const std::shared_ptr<const Head> head = head_;
  head->endpoint->admit({head->request, body, share_}, [self = shared_from_this()](Endpoint::Decision decision) {
    self->OnDecision(std::move(decision));
  });
}

void HttpConnection::OnDecision(Endpoint::Decision decision) {
  if (fd_ < 0 || admission_ != Admission::kPending) return;
  if (auto* identity = std::get_if<Identity>(&decision)) {
    identity_ = std::move(*identity);
    admission_ = Admission::kGranted;
  } else if (auto* reply = std::get_if<Reply>(&decision)) {
    refusal_ = std::move(*reply);
    admission_ = Admission::kRefused;
  } else {
    admission_ = Admission::kNeedsBody;
  }
  if (processing_) return;
  since_ = owner_.second();  // the wait was not the client's
  ProcessInput();
}

void HttpConnection::Refuse(Reply reply, bool keep_alive) {
  answering_ = true;
  keep_alive_ = keep_alive;
  Send(std::move(reply));
}

// What was announced is set aside, so that who was let in comes to the end.
void HttpConnection::AwaitBody() {
  if (const std::size_t done = framing_.ForgetChunks(); done > 0)
    input_.erase(request_start_ + framing_.head_size(), done);
  if (!share_.GrowTo(framing_.body_size())) {
    Reply reply = ErrorReply(503, Error(code::kBusy, std::string(kNoRoomForBody)));
    reply.headers = kRetryAfter;
    return Refuse(std::move(reply), false);
  }
  if (framing_.expects_continue() && !std::exchange(continued_, true)) Write("HTTP/1.1 100 Continue\r\n\r\n", {});
  input_.reserve(request_start_ + framing_.head_size() + framing_.content_length());
}

void HttpConnection::HandleRequest(std::string_view body) {
  answering_ = true;
  keep_alive_ = framing_.keep_alive();
  const std::shared_ptr<const Head> head = head_;
  try {
    head->endpoint->handle({head->request, body, identity_, share_, shared_from_this()});
  } catch (const std::exception& fault) {  // what handlers expect to go wrong they answer themselves
    spdlog::error("internal error in {} {}: {}", head->request.method, head->request.target, fault.what());
    Send(ErrorReply(500, Error(code::kUnexpected, "internal error")));
  }
}

void HttpConnection::Fail(int status, std::string_view why) {
  Refuse(ErrorReply(status, Error(code::kBadRequest, std::string(why))), false);
}

void HttpConnection::Send(Reply reply) {
  if (fd_ < 0 || !answering_) return;
  cancel_ = nullptr;
  if (owner_.options().gzip_level > 0 && reply.BodySize() >= kLeastToCompress) {
    reply.headers.append("Vary: Accept-Encoding\r\n");
    if (gzip_ && !head_only_) return Compress(std::move(reply));
  }
  SendHeadAndBody(std::move(reply));
}

// A large body is compressed piece by piece, one in each turn of the loop.
struct HttpConnection::Compression {
  Compression(Reply its_reply, int level) : reply(std::move(its_reply)), encoder(level) {}

  Reply reply;
  std::string compressed;
  GzipEncoder encoder;
  std::size_t done = 0;  // of reply.body
};

void HttpConnection::Compress(Reply reply) {
  reply.headers.append("Content-Encoding: gzip\r\n");
  if (reply.body.size() > kCompressedAtOnce) {
    auto compression = std::make_shared<Compression>(std::move(reply), owner_.options().gzip_level);
    compression->encoder.Add(compression->reply.prefix, compression->compressed);
    return CompressNext(std::move(compression));
  }
  std::string compressed;
  GzipEncoder& encoder = owner_.gzip();
  for (const std::string_view part : {reply.prefix, std::string_view(reply.body), reply.suffix})
    encoder.Add(part, compressed);
  encoder.Finish(compressed);
  reply.prefix = reply.suffix = {};
  reply.body = std::move(compressed);
  SendHeadAndBody(std::move(reply));
}

void HttpConnection::CompressNext(std::shared_ptr<Compression> compression) {
  if (fd_ < 0) return;
  Compression& now = *compression;
  const std::string_view piece = std::string_view(now.reply.body).substr(now.done, kCompressedAtOnce);
  now.encoder.Add(piece, now.compressed);
  now.done += piece.size();
  if (now.done < now.reply.body.size()) {
    owner_.loop().Post([self = shared_from_this(), compression = std::move(compression)]() mutable {
      self->CompressNext(std::move(compression));
    });
    return;
  }
  now.encoder.Add(now.reply.suffix, now.compressed);
  now.encoder.Finish(now.compressed);
  now.reply.prefix = now.reply.suffix = {};
  now.reply.body = std::move(now.compressed);
  SendHeadAndBody(std::move(now.reply));
}

void HttpConnection::SendHeadAndBody(Reply reply) {
  answering_ = false;
  admission_ = Admission::kOpen;
  if (request_id_.empty()) request_id_ = owner_.MakeRequestId();
  head_ = nullptr;
  share_.Release();
  response_headers_.append("x-request-id: ").append(request_id_).append("\r\n");
  spdlog::debug("request {}: answered {}, {} bytes", request_id_, reply.status, reply.BodySize());
  const bool keep_alive = keep_alive_ && !owner_.is_draining();
  if (!keep_alive) closing_ = true;
  std::string head = MakeHead(reply, owner_.date(), response_headers_, keep_alive);
  if (std::exchange(head_only_, false)) {
    reply.body.clear();
  } else {
    head.append(reply.prefix);
    reply.body.append(reply.suffix);
  }
  request_id_.clear();
  response_headers_.clear();
  gzip_ = false;
  since_ = owner_.second();
  Write(std::move(head), std::move(reply.body));
  if (!processing_ && fd_ >= 0) ProcessInput();
}

void HttpConnection::OnDisconnect(std::function<void()> cancel) {
  cancel_ = std::move(cancel);
}

void HttpConnection::BecomeWebSocket(const httplib::Request& request) {
  std::map<std::string, std::string> headers = LowerCaseHeaders(request);
  const Handshake handshake = AcceptUpgrade(request.version, headers);
  if (!handshake.accepted) {
    answering_ = false;
    head_ = nullptr;
    closing_ = true;
    return Write(handshake.response, {});
  }
  const int fd = std::exchange(fd_, -1);
  owner_.loop().Forget(fd);
  // What follows the request in the buffer is the first frame.
  owner_.OnUpgraded(fd, handshake, input_.substr(request_start_ + framing_.size()), std::move(headers));
}

void HttpConnection::Write(std::string first, std::string second) {
  if (!output_.empty()) {
    output_.push_back(std::move(first));
    output_.push_back(std::move(second));
    return;
  }
  std::array<iovec, 2> parts = {iovec{first.data(), first.size()}, iovec{second.data(), second.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = second.empty() ? 1 : 2;
  ssize_t written = sendmsg(fd_, &message, MSG_NOSIGNAL);
  if (written < 0) {
    if (errno != EAGAIN && errno != EINTR) return Close();
    written = 0;
  }
  auto taken = static_cast<std::size_t>(written);
  if (taken == first.size() + second.size()) return OnFlushed();
  if (taken < first.size()) {
    output_offset_ = taken;
    output_.push_back(std::move(first));
    if (!second.empty()) output_.push_back(std::move(second));
  } else {
    output_offset_ = taken - first.size();
    output_.push_back(std::move(second));
  }
  UpdateInterest();
}

void HttpConnection::Flush() {
  while (!output_.empty()) {
    const std::string& part = output_.front();
    const ssize_t written = send(fd_, part.data() + output_offset_, part.size() - output_offset_, MSG_NOSIGNAL);
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return UpdateInterest();
      return Close();
    }
    since_ = owner_.second();
    output_offset_ += static_cast<std::size_t>(written);
    if (output_offset_ < part.size()) continue;
    output_.pop_front();
    output_offset_ = 0;
  }
  OnFlushed();
  if (fd_ >= 0) ProcessInput();
}

void HttpConnection::OnFlushed() {
  if (!closing_ || answering_) return UpdateInterest();
  // Closing with bytes unread would reset the connection, and the client might lose the answer.
  shutdown(fd_, SHUT_WR);
  lingering_ = true;
  since_ = owner_.second();
  UpdateInterest();
}

void HttpConnection::UpdateInterest() {
  if (fd_ < 0) return;
  std::uint32_t wanted = 0;
  if (lingering_) {
    wanted = EPOLLIN;
  } else if (!output_.empty()) {
    // Not its half-close, which would be reported for ever: a client that is gone shows as an error.
    wanted = EPOLLOUT;
  } else if (!closing_) {
    wanted = EPOLLRDHUP;
    // Who may have to be refused sends no more.
    const bool may_send = admission_ != Admission::kPending;
    if (may_send && (!answering_ || input_.size() < kReadAheadLimit)) wanted |= EPOLLIN;
  }
  if (wanted == interest_) return;
  interest_ = wanted;
  owner_.loop().Change(fd_, wanted);
}

}  // namespace threefactor::transport
