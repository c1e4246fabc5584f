#include "transport/websocket_frames.hpp"

#include <spdlog/spdlog.h>
#include <wslay/wslay.h>

#include <cerrno>
#include <new>

namespace threefactor::transport {

namespace {
constexpr int kTryAgainLater = 1013;    // of the IANA registry, which wslay does not know
constexpr std::size_t kFrameCost = 64;  // about what wslay keeps for each
}  // namespace

// What wslay calls; C++ exceptions must not cross it.
struct Frames::Callbacks {
  static ssize_t Receive(wslay_event_context* context, std::uint8_t* buffer, std::size_t size, int, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    const ssize_t got = frames.io_.Read(buffer, size);
    frames.blocked_ = got <= 0;
    return Result(context, got);
  }

  static ssize_t Send(wslay_event_context* context, const std::uint8_t* data, std::size_t size, int flags, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    const ssize_t sent = frames.io_.Write(data, size, (flags & WSLAY_MSG_MORE) != 0);
    frames.blocked_ = sent <= 0;
    return Result(context, sent);
  }

  static ssize_t Result(wslay_event_context* context, ssize_t done) {
    if (done > 0) return done;
    const bool would_block = done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    wslay_event_set_error(context, would_block ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
  }

  static void FrameStart(wslay_event_context* context, const wslay_event_on_frame_recv_start_arg* frame, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    if (wslay_is_ctrl_frame(frame->opcode) || frames.closing_ || frames.failed_) return;
    // wslay counts the payload alone: fragments without any would take memory for ever.
    frames.message_cost_ += frame->payload_length + kFrameCost;
    if (frame->payload_length > frames.longest_message_) return;  // which wslay refuses next
    if (frames.message_cost_ > 2 * frames.longest_message_ + kFrameCost)
      frames.QueueClose(WSLAY_CODE_MESSAGE_TOO_BIG, "The message has too many fragments");
    else if (!frames.io_.OnFrame(frame->payload_length + kFrameCost))
      frames.QueueClose(kTryAgainLater, "The gateway has no memory for more messages at the moment");
    else
      return;
    wslay_event_shutdown_read(context);
  }

  static void Message(wslay_event_context*, const wslay_event_on_msg_recv_arg* message, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    if (message->opcode == WSLAY_CONNECTION_CLOSE) frames.closing_ = true;  // wslay queues the answer
    if (wslay_is_ctrl_frame(message->opcode) || frames.closing_ || frames.failed_) return;
    frames.message_cost_ = 0;
    try {
      if (message->opcode == WSLAY_TEXT_FRAME) {
        frames.io_.OnText({reinterpret_cast<const char*>(message->msg), message->msg_length});
      } else {
        frames.QueueClose(WSLAY_CODE_UNSUPPORTED_DATA, "Only text messages are accepted");
      }
    } catch (const std::exception& error) {
      spdlog::error("internal error in a WebSocket message: {}", error.what());
      frames.failed_ = true;
    }
  }
};

void Frames::Free::operator()(wslay_event_context* context) const {
  wslay_event_context_free(context);
}

Frames::Frames(FrameIo& io, std::size_t longest_message) : io_(io) {
  wslay_event_callbacks callbacks{};
  callbacks.recv_callback = &Callbacks::Receive;
  callbacks.send_callback = &Callbacks::Send;
  callbacks.on_frame_recv_start_callback = &Callbacks::FrameStart;
  callbacks.on_msg_recv_callback = &Callbacks::Message;
  wslay_event_context* context = nullptr;
  if (wslay_event_context_server_init(&context, &callbacks, this) != 0) throw std::bad_alloc();
  context_.reset(context);
  SetLongestMessage(longest_message);
}

Frames::~Frames() = default;

void Frames::SetLongestMessage(std::size_t bytes) {
  longest_message_ = bytes;
  wslay_event_config_set_max_recv_msg_length(context_.get(), bytes);
}

bool Frames::Receive() {
  // wslay returns after a partial read, too, when the stream may have more.
  do {
    blocked_ = false;
    if (wslay_event_recv(context_.get()) != 0 || failed_) return false;
  } while (!blocked_ && WantsRead());
  return true;
}

bool Frames::Send() {
  do {
    blocked_ = false;
    if (wslay_event_send(context_.get()) != 0) return false;
  } while (!blocked_ && WantsWrite());
  return true;
}

void Frames::QueueText(std::string_view text) {
  const wslay_event_msg message{WSLAY_TEXT_FRAME, reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  if (wslay_event_queue_msg(context_.get(), &message) == WSLAY_ERR_NOMEM) throw std::bad_alloc();
}

void Frames::QueueClose(int code, std::string_view reason) {
  closing_ = true;
  wslay_event_queue_close(context_.get(), static_cast<std::uint16_t>(code),
                          reinterpret_cast<const std::uint8_t*>(reason.data()), reason.size());
}

bool Frames::WantsRead() const {
  return wslay_event_want_read(context_.get()) != 0;
}
bool Frames::WantsWrite() const {
  return wslay_event_want_write(context_.get()) != 0;
}
// wslay closes by itself when a frame breaks the rules; it reads no more then.
bool Frames::IsClosing() const {
  return closing_ || !WantsRead();
}

}  // namespace threefactor::transport
