// RFC 6455 frames on a non-blocking byte stream, by wslay: whole text messages in, text messages and a close frame out.
// No policy and no socket: bytes come and go through FrameIo, which tests script.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string_view>

struct wslay_event_context;

namespace threefactor::transport {

class FrameIo {
 public:
  virtual ~FrameIo() = default;
  // As recv(2) and send(2): bytes done, 0 at the end of the stream (reading), or -1 with errno. `more`: another write
  // follows at once (a frame's header comes before its payload), so a packet may wait for it.
  virtual ssize_t Read(std::uint8_t* buffer, std::size_t size) = 0;
  virtual ssize_t Write(const std::uint8_t* data, std::size_t size, bool more) = 0;
  // A frame of a message begins that will take so many bytes of memory. False: there is no room for it, which closes
  // with 1013.
  virtual bool OnFrame(std::size_t bytes) = 0;
  // A whole message, valid UTF-8. Called within Frames::Receive; may queue, but not destroy the Frames.
  virtual void OnText(std::string_view text) = 0;
};

class Frames {
 public:
  // A longer message from the client closes with 1009, a binary one with 1003, a broken frame with 1002 or 1007.
  Frames(FrameIo& io, std::size_t longest_message);
  ~Frames();
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  void SetLongestMessage(std::size_t bytes);

  // Both work until the stream would block. False: the stream has ended or failed.
  bool Receive();
  bool Send();

  void QueueText(std::string_view text);
  // Nothing can be queued after it; ends once the client has answered with its own close frame.
  void QueueClose(int code, std::string_view reason);

  bool WantsRead() const;
  bool WantsWrite() const;  // something queued is not wholly written
  bool IsClosing() const;   // a close frame was queued, or received

 private:
  struct Callbacks;
  struct Free {
    void operator()(wslay_event_context* context) const;
  };
  FrameIo& io_;
  std::unique_ptr<wslay_event_context, Free> context_;
  std::size_t longest_message_ = 0;
  std::size_t message_cost_ = 0;  // memory of the message that comes in
  bool blocked_ = false;          // the latest Read or Write did nothing
  bool failed_ = false;           // OnText threw
  bool closing_ = false;
};

}  // namespace threefactor::transport
