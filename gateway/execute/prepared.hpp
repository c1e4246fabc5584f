// Which prepared statements one connection holds, by SQL text; the least recently used makes room.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace threefactor::execute {

class PreparedStatements {
 public:
  explicit PreparedStatements(std::size_t limit) : limit_(limit) {}

  // The server-side name, or null when the text must be prepared first. Counts as a use.
  const std::string* Find(std::string_view text);
  // A name for `text`, which is not held. `evicted` is set to the name to deallocate before, if the limit is reached.
  // The caller forgets the text again when the server refuses it.
  const std::string& Add(const std::string& text, std::optional<std::string>& evicted);
  void Forget(std::string_view text);
  void Clear();

 private:
  struct Entry {
    std::string text;
    std::string name;
  };
  std::size_t limit_;
  std::uint64_t next_name_ = 1;
  std::list<Entry> by_use_;                                                   // most recent first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;  // keys point into by_use_
};

}  // namespace threefactor::execute
