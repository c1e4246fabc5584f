#include "live/signal.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace threefactor::live {

void Cursor::Reset(std::string epoch, std::int64_t sequence) {
  epoch_ = std::move(epoch);
  sequence_ = sequence;
}

bool Cursor::Ring(std::string_view payload) {
  const std::size_t space = payload.find(' ');
  if (space == std::string_view::npos || payload.substr(0, space) != epoch_)
    return true;  // reading tells what is wrong
  const char* begin = payload.data() + space + 1;
  const char* end = payload.data() + payload.size();
  std::int64_t rung = 0;
  const auto [stop, problem] = std::from_chars(begin, end, rung);
  return problem != std::errc() || stop != end || rung > sequence_;
}

Signal Cursor::Advance(const std::vector<Change>& changes) {
  Signal signal;
  for (const Change& change : changes) {
    sequence_ = std::max(sequence_, change.sequence);
    if (change.kind == "relation" && change.relation) {
      signal.relations.push_back(*change.relation);
    } else if (change.kind == "schema") {
      signal.schema = true;
    } else {
      signal.everything = true;
    }
  }
  std::sort(signal.relations.begin(), signal.relations.end());
  signal.relations.erase(std::unique(signal.relations.begin(), signal.relations.end()), signal.relations.end());
  return signal;
}

}  // namespace threefactor::live
