#include "transport/websocket_frames.hpp"

#include <spdlog/spdlog.h>
#include <wslay/wslay.h>

#include <cerrno>
#include <new>

namespace threefactor::transport {

// What wslay calls; C++ exceptions must not cross it.
struct Frames::Callbacks {
  static ssize_t Receive(wslay_event_context* context, std::uint8_t* buffer, std::size_t size, int, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    const ssize_t got = frames.io_.Read(buffer, size);
    frames.blocked_ = got <= 0;
    return Result(context, got);
  }

  static ssize_t Send(wslay_event_context* context, const std::uint8_t* data, std::size_t size, int flags, void* user) {
    return Result(context, static_cast<Frames*>(user)->io_.Write(data, size, (flags & WSLAY_MSG_MORE) != 0));
  }

  static ssize_t Result(wslay_event_context* context, ssize_t done) {
    if (done > 0) return done;
    const bool would_block = done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    wslay_event_set_error(context, would_block ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
  }

  static void Message(wslay_event_context*, const wslay_event_on_msg_recv_arg* message, void* user) {
    auto& frames = *static_cast<Frames*>(user);
    if (message->opcode == WSLAY_CONNECTION_CLOSE) frames.closing_ = true;  // wslay queues the answer
    if (wslay_is_ctrl_frame(message->opcode) || frames.closing_ || frames.failed_) return;
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
  callbacks.on_msg_recv_callback = &Callbacks::Message;
  wslay_event_context* context = nullptr;
  if (wslay_event_context_server_init(&context, &callbacks, this) != 0) throw std::bad_alloc();
  context_.reset(context);
  wslay_event_config_set_max_recv_msg_length(context, longest_message);
}

Frames::~Frames() = default;

bool Frames::Receive() {
  // wslay returns when a frame's header is not yet complete, too; then there may be more to read.
  do {
    blocked_ = false;
    if (wslay_event_recv(context_.get()) != 0 || failed_) return false;
  } while (!blocked_ && WantsRead());
  return true;
}

bool Frames::Send() {
  return wslay_event_send(context_.get()) == 0;
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
