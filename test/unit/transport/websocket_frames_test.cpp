// Frames over scripted bytes, also one at a time.
#include "transport/websocket_frames.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace threefactor::transport {

namespace {

struct ScriptedIo final : FrameIo {
  std::string input;
  bool ended = false;          // the stream ends after the input
  std::size_t step = 1000;     // bytes per call
  std::size_t room = 1 << 20;  // bytes that can be written
  std::string output;
  std::vector<std::string> texts;
  bool throws = false;
  std::size_t memory = 1 << 20;  // for frames

  ssize_t Read(std::uint8_t* buffer, std::size_t size) override {
    if (input.empty()) {
      if (ended) return 0;
      errno = EAGAIN;
      return -1;
    }
    const std::size_t taken = std::min({size, step, input.size()});
    std::copy_n(input.begin(), taken, buffer);
    input.erase(0, taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t Write(const std::uint8_t* data, std::size_t size, bool) override {
    const std::size_t taken = std::min({size, step, room});
    if (taken == 0) {
      errno = EAGAIN;
      return -1;
    }
    room -= taken;
    output.append(reinterpret_cast<const char*>(data), taken);
    return static_cast<ssize_t>(taken);
  }
  bool OnFrame(std::size_t bytes) override {
    if (bytes > memory) return false;
    memory -= bytes;
    return true;
  }
  void OnText(std::string_view text) override {
    if (throws) throw std::runtime_error("test");
    texts.emplace_back(text);
  }
};

// A client's frame: masked, its payload shorter than 126 bytes, or else with a 16-bit length.
std::string ClientFrame(int opcode, std::string_view payload, bool final_frame = true) {
  constexpr std::string_view kMask = "\x12\x34\x56\x78";
  std::string frame(1, static_cast<char>((final_frame ? 0x80 : 0) | opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  frame += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
  return frame;
}

std::string ServerFrame(int opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  frame += static_cast<char>(payload.size());
  return frame.append(payload);
}

constexpr int kText = 1, kBinary = 2, kContinuation = 0, kClose = 8, kPing = 9, kPong = 10;

struct Fixture {
  ScriptedIo io;
  Frames frames{io, 1000};
  std::string CloseCode() {  // of the only frame sent
    REQUIRE(io.output.size() >= 4);
    REQUIRE(static_cast<unsigned char>(io.output[0]) == (0x80 | kClose));
    return std::to_string(static_cast<unsigned char>(io.output[2]) << 8 | static_cast<unsigned char>(io.output[3]));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "frames: texts arrive whole, however the bytes come") {
  io.step = GENERATE(1, 3, 1000);
  io.input = ClientFrame(kText, "one") + ClientFrame(kText, "tw", false) + ClientFrame(kPing, "p") +
             ClientFrame(kContinuation, "o") + ClientFrame(kText, std::string(300, 'x'));
  CHECK(frames.Receive());
  CHECK(io.texts == std::vector<std::string>{"one", "two", std::string(300, 'x')});
  CHECK(frames.Send());
  CHECK(io.output == ServerFrame(kPong, "p"));
}

TEST_CASE_METHOD(Fixture, "frames: what does not fit is sent later") {
  io.room = 5;
  frames.QueueText("hello");
  CHECK(frames.Send());
  CHECK(frames.WantsWrite());
  io.room = 100;
  CHECK(frames.Send());
  CHECK_FALSE(frames.WantsWrite());
  CHECK(io.output == ServerFrame(kText, "hello"));
}

TEST_CASE_METHOD(Fixture, "frames: the end of the stream and an error in a message are reported") {
  SECTION("end") {
    io.ended = true;
  }
  SECTION("exception") {
    io.throws = true;
    io.input = ClientFrame(kText, "x");
  }
  CHECK_FALSE(frames.Receive());
}

TEST_CASE_METHOD(Fixture, "frames: our close ends when the client has answered it") {
  frames.QueueClose(4403, "Forbidden");
  CHECK(frames.IsClosing());
  CHECK(frames.Send());
  CHECK(io.output == ServerFrame(kClose,
                                 "\x11\x33"
                                 "Forbidden"));
  CHECK(frames.WantsRead());
  io.input = ClientFrame(kText, "too late") + ClientFrame(kClose, "\x11\x33");
  CHECK(frames.Receive());
  CHECK(frames.Send());
  CHECK(io.texts.empty());
  CHECK_FALSE(frames.WantsRead());
  CHECK_FALSE(frames.WantsWrite());
}

TEST_CASE_METHOD(Fixture, "frames: the client's close is answered") {
  io.input = ClientFrame(kClose, "\x03\xe8");
  CHECK(frames.Receive());
  CHECK(frames.IsClosing());
  CHECK(frames.Send());
  CHECK(CloseCode() == "1000");
  CHECK_FALSE(frames.WantsRead());
  CHECK_FALSE(frames.WantsWrite());
}

TEST_CASE_METHOD(Fixture, "frames: a message for which there is no room closes, before it is here") {
  io.memory = 800;
  io.input = ClientFrame(kText, std::string(500, 'x'), false) +
             ClientFrame(kContinuation, std::string(400, 'x')).substr(0, 20);
  CHECK(frames.Receive());
  CHECK(frames.Send());
  CHECK(CloseCode() == "1013");
  CHECK_FALSE(frames.WantsRead());
}

TEST_CASE_METHOD(Fixture, "frames: fragments without payload do not go on for ever") {
  io.input = ClientFrame(kText, "", false);
  for (int i = 0; i < 100; ++i) io.input += ClientFrame(kContinuation, "", false);
  CHECK(frames.Receive());
  CHECK(frames.Send());
  CHECK(CloseCode() == "1009");
}

TEST_CASE_METHOD(Fixture, "frames: the longest message may be changed between two") {
  frames.SetLongestMessage(10);
  io.input = ClientFrame(kText, "0123456789");
  CHECK(frames.Receive());
  frames.SetLongestMessage(20);
  io.input = ClientFrame(kText, "0123456789abcdef");
  CHECK(frames.Receive());
  CHECK(io.texts == std::vector<std::string>{"0123456789", "0123456789abcdef"});
  frames.SetLongestMessage(5);
  io.input = ClientFrame(kText, "0123456789");
  CHECK(frames.Receive());
  CHECK(frames.Send());
  CHECK(CloseCode() == "1009");
}

TEST_CASE_METHOD(Fixture, "frames: what breaks the rules closes with the code of RFC 6455") {
  const auto [input, code] = GENERATE(table<std::string, std::string>({
      {ClientFrame(kBinary, "x"), "1003"},
      {ClientFrame(kText, std::string(1001, 'x')), "1009"},
      {ClientFrame(kText, std::string(600, 'x'), false) + ClientFrame(kContinuation, std::string(600, 'x')), "1009"},
      {ClientFrame(kText, "\xff"), "1007"},
      {ServerFrame(kText, "not masked"), "1002"},
      {ClientFrame(3, "no such opcode"), "1002"},
      {ClientFrame(kContinuation, "of nothing"), "1002"},
  }));
  io.input = input;
  CHECK(frames.Receive());
  CHECK(frames.IsClosing());
  CHECK(frames.Send());
  CHECK(CloseCode() == code);
  CHECK(io.texts.empty());
}

}  // namespace threefactor::transport
