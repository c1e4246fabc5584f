#include <algorithm>
#include <cerrno>

#include "language/characters.hpp"
#include "targets.hpp"
#include "transport/websocket_frames.hpp"

namespace threefactor::fuzz {

namespace {

constexpr std::size_t kLongest = 4096;

// The first byte of the input says how many bytes arrive at once.
struct ScriptedIo final : transport::FrameIo {
  std::string_view input;
  std::size_t step = 1;
  transport::Frames* frames = nullptr;

  ssize_t Read(std::uint8_t* buffer, std::size_t size) override {
    if (input.empty()) return 0;
    const std::size_t taken = std::min({size, step, input.size()});
    std::copy_n(input.begin(), taken, buffer);
    input.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t Write(const std::uint8_t*, std::size_t size, bool) override { return static_cast<ssize_t>(size); }
  bool OnFrame(std::size_t bytes) override { return bytes != 0; }
  void OnText(std::string_view text) override {
    Require(text.size() <= kLongest);
    Require(language::FindInvalidUtf8(text) == std::string_view::npos);
    frames->QueueText(text);
  }
};

}  // namespace

void WebSocket(std::string_view input) {
  if (input.empty()) return;
  ScriptedIo io;
  io.step = 1 + static_cast<unsigned char>(input.front());
  io.input = input.substr(1);
  transport::Frames frames(io, kLongest);
  io.frames = &frames;
  while (frames.WantsRead() && frames.Receive() && !io.input.empty()) frames.Send();
  frames.Send();
}

}  // namespace threefactor::fuzz
