// A growing JSON text of bounded size, in the current memory context. What goes past the limit is counted, not stored,
// so that a huge row neither fails the write nor takes its memory. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

extern "C" {
#include <lib/stringinfo.h>
}

namespace threefactor::capture {

class JsonText {
 public:
  explicit JsonText(int limit);

  void Raw(const char* data, int length);
  void Raw(char character) { Raw(&character, 1); }
  void QuotedString(const char* data, int length);
  // Text of a value that is too large to be rendered at all.
  void Skip(uint64 length) { skipped_ += length; }

  // The text; past the limit the marker {"threefactor_omitted": true, "bytes": n}, n being about the size it would have
  // had.
  text* Finish() const;
  Size limit() const { return static_cast<Size>(limit_); }
  uint64 size() const { return static_cast<uint64>(buffer_.len) + skipped_; }
  text* Marker() const;

 private:
  StringInfoData buffer_;  // palloc'd: nothing to release
  int limit_;
  uint64 skipped_ = 0;
};

}  // namespace threefactor::capture
