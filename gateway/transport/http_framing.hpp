// Where one HTTP/1.1 request ends in a stream of bytes (RFC 9112): the head up to the empty line, then a body by
// Content-Length or chunks. Strict, since whoever stands in front must agree on the borders: one request smuggled in
// another's body is answered with 400. What the head says beyond that is http_head's to read.
// Pure: no sockets. Incremental: each byte is looked at once, however small the pieces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threefactor::transport {

class RequestFraming {
 public:
  enum class State {
    kIncomplete,
    kComplete,
    kFailed,  // answer failure_status() and close
  };
  struct Limits {
    std::size_t head_bytes = 64 << 10;
    std::size_t body_bytes = 16 << 20;
  };

  explicit RequestFraming(Limits limits) : limits_(limits) {}

  // `buffer`: everything received from the first byte of this request on; what was there at the last call is unchanged.
  State Advance(std::string_view buffer);
  void Reset();  // before the next request

  // After kIncomplete, of a body in chunks: the bytes behind the head that were worked through. The caller takes them
  // out of the buffer, so that the body is not kept twice.
  std::size_t ForgetChunks();

  // Requires has_head().
  std::string_view Head(std::string_view buffer) const { return buffer.substr(0, head_size_); }
  // Bytes that the body takes, as far as it is known: what was announced, or the chunks that came.
  std::size_t body_size() const { return is_chunked_ ? decoded_.capacity() : content_length_; }
  std::size_t forgotten_size() const { return decoded_.size(); }  // about what ForgetChunks took out so far

  // Requires kComplete.
  std::string_view Body(std::string_view buffer) const {
    return is_chunked_ ? std::string_view(decoded_) : buffer.substr(head_size_, content_length_);
  }
  std::size_t size() const { return position_; }  // bytes of the buffer that the request takes
  bool keep_alive() const { return keep_alive_; }

  bool has_head() const { return head_size_ > 0; }
  std::size_t head_size() const { return head_size_; }
  std::size_t content_length() const { return content_length_; }
  bool expects_continue() const { return expects_continue_; }  // the client waits for 100 before it sends the body

  int failure_status() const { return failure_status_; }
  std::string_view failure() const { return failure_; }

 private:
  enum class Part { kHead, kSizedBody, kChunkSize, kChunkData, kChunkEnd, kTrailer, kDone };

  State Fail(int status, std::string_view why);
  State ReadHead(std::string_view buffer);
  bool ReadHeaderLine(std::string_view line);  // false: failed
  State ReadChunks(std::string_view buffer);
  void MakeRoom(std::size_t count);
  bool ReadChunkSize(std::string_view line);

  Limits limits_;
  Part part_ = Part::kHead;
  std::size_t position_ = 0;  // everything before it was worked through
  std::size_t head_size_ = 0;
  std::size_t content_length_ = 0;
  bool has_content_length_ = false;
  bool is_chunked_ = false;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  std::size_t chunk_left_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string decoded_;
  int failure_status_ = 0;
  std::string_view failure_;
};

}  // namespace threefactor::transport
