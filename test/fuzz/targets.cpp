#include "targets.hpp"

#include <array>

namespace threefactor::fuzz {

namespace {

constexpr std::array kTargets = std::to_array<Target>({
    {"document", Document},
    {"operation", Operation},
    {"http", Http},
    {"websocket", WebSocket},
    {"subscription", Subscription},
    {"delivery", Delivery},
    {"tokens", Tokens},
});

}  // namespace

std::span<const Target> Targets() {
  return kTargets;
}

}  // namespace threefactor::fuzz
