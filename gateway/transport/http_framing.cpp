#include "transport/http_framing.hpp"

#include <algorithm>
#include <charconv>

#include "transport/header_values.hpp"

namespace threefactor::transport {

namespace {

constexpr std::size_t kChunkLineLimit = 256;  // size and extensions

bool HasElement(std::string_view list, std::string_view element) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (EqualsIgnoringCase(Trimmed(list.substr(0, comma)), element)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// RFC 9110, section 5.5: no control character but the tab.
bool IsCleanLine(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

RequestFraming::State RequestFraming::Fail(int status, std::string_view why) {
  failure_status_ = status;
  failure_ = why;
  return State::kFailed;
}

void RequestFraming::Reset() {
  const Limits limits = limits_;
  std::string().swap(decoded_);  // assignment would keep its memory, which nobody counts any more
  *this = RequestFraming(limits);
}

RequestFraming::State RequestFraming::Advance(std::string_view buffer) {
  if (failure_status_ != 0) return State::kFailed;
  if (part_ == Part::kHead) {
    const State state = ReadHead(buffer);
    if (part_ == Part::kHead || state == State::kFailed) return state;
  }
  if (part_ == Part::kSizedBody) {
    if (buffer.size() - head_size_ < content_length_) return State::kIncomplete;
    position_ = head_size_ + content_length_;
    part_ = Part::kDone;
  }
  if (part_ != Part::kDone) return ReadChunks(buffer);
  return State::kComplete;
}

std::size_t RequestFraming::ForgetChunks() {
  if (!is_chunked_ || part_ == Part::kHead) return 0;
  const std::size_t done = position_ - head_size_;
  position_ = head_size_;
  return done;
}

RequestFraming::State RequestFraming::ReadHead(std::string_view buffer) {
  // The end may straddle what was seen before.
  const std::size_t end = buffer.find("\r\n\r\n", position_ < 3 ? 0 : position_ - 3);
  if (end == std::string_view::npos ? buffer.size() > limits_.head_bytes : end > limits_.head_bytes)
    return Fail(431, "the request's head is too large");
  if (end == std::string_view::npos) {
    position_ = buffer.size();
    return State::kIncomplete;
  }
  std::string_view rest = buffer.substr(0, end + 2);
  const std::size_t first_line = rest.find("\r\n");
  const std::string_view request_line = rest.substr(0, first_line);
  if (!IsCleanLine(request_line)) return Fail(400, "malformed request line");
  if (request_line.ends_with(" HTTP/1.0"))
    keep_alive_ = false;
  else if (!request_line.ends_with(" HTTP/1.1"))
    return request_line.find(" HTTP/") != std::string_view::npos ? Fail(505, "only HTTP/1.1 and 1.0 are spoken")
                                                                 : Fail(400, "malformed request line");
  rest.remove_prefix(first_line + 2);
  while (!rest.empty()) {
    const std::size_t line_end = rest.find("\r\n");
    if (!ReadHeaderLine(rest.substr(0, line_end))) return State::kFailed;
    rest.remove_prefix(line_end + 2);
  }
  if (is_chunked_ && has_content_length_) return Fail(400, "both Content-Length and Transfer-Encoding");
  // RFC 9112, section 6.1: whoever spoke 1.0 in front may not have known the coding.
  if (is_chunked_ && request_line.ends_with(" HTTP/1.0")) return Fail(400, "Transfer-Encoding needs HTTP/1.1");
  head_size_ = position_ = end + 4;
  if (content_length_ > limits_.body_bytes) return Fail(413, "the request's body is too large");
  part_ = is_chunked_ ? Part::kChunkSize : Part::kSizedBody;
  return State::kIncomplete;
}

bool RequestFraming::ReadHeaderLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  // A leading blank would be a continued line, one before the colon is how requests are smuggled.
  if (colon == std::string_view::npos || name.empty() || !std::all_of(name.begin(), name.end(), IsTokenCharacter) ||
      !IsCleanLine(line)) {
    Fail(400, "malformed header line");
    return false;
  }
  const std::string_view value = Trimmed(line.substr(colon + 1));
  if (EqualsIgnoringCase(name, "content-length")) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (value.empty() || error != std::errc() || end != value.data() + value.size() ||
        (has_content_length_ && length != content_length_)) {
      Fail(400, "malformed Content-Length");
      return false;
    }
    has_content_length_ = true;
    content_length_ = length;
  } else if (EqualsIgnoringCase(name, "transfer-encoding")) {
    if (is_chunked_ || !EqualsIgnoringCase(value, "chunked")) {
      Fail(501, "the only Transfer-Encoding spoken is chunked");
      return false;
    }
    is_chunked_ = true;
  } else if (EqualsIgnoringCase(name, "connection")) {
    if (HasElement(value, "close"))
      keep_alive_ = false;
    else if (HasElement(value, "keep-alive"))
      keep_alive_ = true;
  } else if (EqualsIgnoringCase(name, "expect")) {
    if (!EqualsIgnoringCase(value, "100-continue")) {
      Fail(417, "unknown expectation");
      return false;
    }
    expects_continue_ = true;
  }
  return true;
}

// By itself a string doubles what it holds; what bodies take is counted.
void RequestFraming::MakeRoom(std::size_t count) {
  const std::size_t needed = decoded_.size() + count;
  if (needed <= decoded_.capacity()) return;
  std::string grown;  // reserve() doubles, too, but not from nothing
  grown.reserve(std::min(std::max(needed, decoded_.size() + decoded_.size() / 4), limits_.body_bytes));
  grown.append(decoded_);
  decoded_.swap(grown);
}

RequestFraming::State RequestFraming::ReadChunks(std::string_view buffer) {
  while (part_ != Part::kDone) {
    if (part_ == Part::kChunkData) {
      const std::size_t count = std::min(chunk_left_, buffer.size() - position_);
      MakeRoom(count);
      decoded_.append(buffer.substr(position_, count));
      position_ += count;
      chunk_left_ -= count;
      if (chunk_left_ > 0) return State::kIncomplete;
      part_ = Part::kChunkEnd;
    }
    const std::size_t line_end = buffer.find("\r\n", position_);
    if (line_end == std::string_view::npos) {
      const std::size_t limit = part_ == Part::kTrailer ? limits_.head_bytes : kChunkLineLimit;
      return buffer.size() - position_ > limit ? Fail(400, "malformed chunk") : State::kIncomplete;
    }
    const std::string_view line = buffer.substr(position_, line_end - position_);
    if (part_ == Part::kChunkEnd) {
      if (!line.empty()) return Fail(400, "malformed chunk");
      part_ = Part::kChunkSize;
    } else if (part_ == Part::kChunkSize) {
      if (!ReadChunkSize(line)) return State::kFailed;
    } else {  // a trailer: skipped, the empty line ends it
      trailer_bytes_ += line.size() + 2;
      if (trailer_bytes_ > limits_.head_bytes) return Fail(431, "the request's trailer is too large");
      if (line.empty()) part_ = Part::kDone;
    }
    position_ = line_end + 2;
  }
  return State::kComplete;
}

bool RequestFraming::ReadChunkSize(std::string_view line) {
  const std::string_view digits = Trimmed(line.substr(0, line.find(';')));
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (line.size() > kChunkLineLimit || digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      !IsCleanLine(line)) {
    Fail(400, "malformed chunk size");
    return false;
  }
  if (size > limits_.body_bytes - decoded_.size()) {
    Fail(413, "the request's body is too large");
    return false;
  }
  chunk_left_ = size;
  part_ = size == 0 ? Part::kTrailer : Part::kChunkData;
  return true;
}

}  // namespace threefactor::transport
