// gzip of bodies (RFC 9110, section 8.4), by zlib. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "transport/body_budget.hpp"

struct z_stream_s;

namespace threefactor::transport {

// Whether the client of this Accept-Encoding takes gzip, and likes it no less than the text as it is.
bool AcceptsGzip(std::string_view accept_encoding);

// One gzip stream after the other. Holds about 260 kB.
class GzipEncoder {
 public:
  explicit GzipEncoder(int level);  // 1 (fast) to 9 (small)
  ~GzipEncoder();
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  // Appends to `out`. After Finish the next stream may begin.
  void Add(std::string_view text, std::string& out) { Deflate(text, false, out); }
  void Finish(std::string& out);

 private:
  void Deflate(std::string_view text, bool is_last, std::string& out);

  std::unique_ptr<z_stream_s> stream_;
};

// A request's body, as it was before the client compressed it. `coding`: its Content-Encoding. Borrows `body` where
// that is not compressed.
class DecodedBody {
 public:
  // `share`: grows by what is decompressed. Throws Malformed: 415 for a coding other than gzip, 413 past `most_bytes`
  // and 503 where `share` cannot grow, both in constant memory, 400 if it is broken.
  DecodedBody(std::string_view body, std::string_view coding, std::size_t most_bytes, BodyShare& share);
  std::string_view text() const { return text_; }

 private:
  std::string decoded_;
  std::string_view text_;
};

}  // namespace threefactor::transport
