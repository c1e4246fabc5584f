#include "transport/content_coding.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>

#include "transport/header_values.hpp"
#include "transport/malformed.hpp"

namespace threefactor::transport {

namespace {

constexpr int kGzipFormat = 16 + MAX_WBITS;  // zlib's way of saying it
constexpr std::size_t kPiece = 64 << 10;

bool IsGzip(std::string_view coding) {
  return EqualsIgnoringCase(coding, "gzip") || EqualsIgnoringCase(coding, "x-gzip");
}

Bytef* Bytes(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it
}

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

std::string Gunzip(std::string_view body, std::size_t most_bytes, BodyShare& share) {
  const auto broken = [] { return Malformed{400, Error(code::kBadRequest, "the request's body is not valid gzip")}; };
  z_stream stream{};
  if (inflateInit2(&stream, kGzipFormat) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  stream.next_in = Bytes(body);
  stream.avail_in = static_cast<uInt>(body.size());
  std::string text;
  std::array<char, kPiece> piece;
  const std::size_t held = share.held();
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t count = piece.size() - stream.avail_out;
    if (count > most_bytes - text.size())
      throw Malformed{413, Error(code::kBadRequest, fmt::format("the request's body is larger than {} bytes when "
                                                                "decompressed",
                                                                most_bytes))};
    if (!share.GrowTo(held + text.size() + count))
      throw Malformed{503, Error(code::kBusy, std::string(kNoRoomForBody))};
    text.append(piece.data(), count);
    if (status == Z_STREAM_END) {
      if (stream.avail_in > 0) throw broken();
      return text;
    }
    if (status != Z_OK) throw broken();  // Z_BUF_ERROR: it ended too early
  }
}

}  // namespace

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<double> gzip;
  std::optional<double> any;
  double identity = 0;
  ForEachPreference(accept_encoding, [&](std::string_view coding, double quality) {
    if (IsGzip(coding)) gzip = quality;
    if (coding == "*") any = quality;
    if (EqualsIgnoringCase(coding, "identity")) identity = quality;
  });
  const double wish = gzip.value_or(any.value_or(0));
  return wish > 0 && wish >= identity;
}

GzipEncoder::GzipEncoder(int level) : stream_(std::make_unique<z_stream>()) {
  if (deflateInit2(stream_.get(), level, Z_DEFLATED, kGzipFormat, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

GzipEncoder::~GzipEncoder() {
  deflateEnd(stream_.get());
}

void GzipEncoder::Finish(std::string& out) {
  Deflate({}, true, out);
  deflateReset(stream_.get());
}

void GzipEncoder::Deflate(std::string_view text, bool is_last, std::string& out) {
  stream_->next_in = Bytes(text);
  stream_->avail_in = static_cast<uInt>(text.size());
  std::array<char, kPiece> piece;
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    deflate(stream_.get(), is_last ? Z_FINISH : Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

DecodedBody::DecodedBody(std::string_view body, std::string_view coding, std::size_t most_bytes, BodyShare& share)
    : text_(body) {
  coding = Trimmed(coding);
  if (coding.empty() || EqualsIgnoringCase(coding, "identity")) return;
  if (!IsGzip(coding))
    throw Malformed{415, Error(code::kBadRequest, "the only Content-Encoding of requests that is understood is gzip")};
  decoded_ = Gunzip(body, most_bytes, share);
  text_ = decoded_;
}

}  // namespace threefactor::transport
