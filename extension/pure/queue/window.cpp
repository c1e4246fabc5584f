#include "queue/window.hpp"

#include <algorithm>

namespace threefactor::delivery {

namespace {

bool Earlier(EventOrder a, EventOrder b) {
  return a.position < b.position;
}

// Keeps the first.
void Cut(Window& window, std::size_t most) {
  if (window.places.size() <= most) return;
  const auto end = window.places.begin() + static_cast<std::ptrdiff_t>(most);
  std::nth_element(window.places.begin(), end, window.places.end(), Earlier);
  window.places.erase(end, window.places.end());
  window.more = true;
}

}  // namespace

void AddPlace(Window& window, const Cursor& cursor, EventOrder event, std::size_t most) {
  window.scanned_to = event;
  if (!cursor.target->Finished(event.xid) || !IsAhead(cursor, event)) return;
  window.places.push_back(event);
  if (window.places.size() >= 2 * most) Cut(window, most);
}

void EndScan(Window& window, std::size_t most) {
  Cut(window, most);
  std::sort(window.places.begin(), window.places.end(), Earlier);
  window.scanned = true;
}

}  // namespace threefactor::delivery
