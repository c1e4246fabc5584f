// A growing JSON text of bounded size, in the memory context that was current when it was made. What goes past the
// limit is counted, not stored, so that a huge row neither fails the write nor takes its memory. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::json {

// Owns nothing with a destructor: its buffer goes with the memory context.
class JsonText {
 public:
  // limit: bytes stored, less than 1 GB.
  explicit JsonText(int limit);

  void Raw(const char* data, int length) {
    if (length == 0) return;  // memcpy takes no null, which both may be
    if (length > capacity_ - length_ && !Grow(length)) return;
    memcpy(data_ + length_, data, length);
    length_ += length;
  }
  void Raw(char character) { Raw(&character, 1); }
  void QuotedString(const char* data, int length);
  // A value that is too large to be rendered at all, and its size.
  void Skip(uint64 size) { Overflow(size); }

  // The text, in `memory`. REQUIRES: it is whole.
  text* Finish(MemoryContext memory) const;

  // What it has, or would have had: of values that were rendered exact, of those skipped as Skip was told.
  uint64 size() const { return static_cast<uint64>(length_) + skipped_; }
  bool whole() const { return skipped_ == 0; }
  Size limit() const { return static_cast<Size>(limit_); }

 private:
  bool Grow(int length);  // false: past the limit
  void Overflow(uint64 size);

  MemoryContext memory_;
  char* data_ = nullptr;  // until something is appended
  int length_ = 0;
  int capacity_ = 0;
  int limit_;
  uint64 skipped_ = 0;  // once anything is skipped, so is the rest
};

// What stands for a row of `bytes` that is not kept (event/omitted.hpp), in `memory`.
text* OmittedRow(uint64 bytes, MemoryContext memory);

}  // namespace threefactor::json
