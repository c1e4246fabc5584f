#include "event/idempotency_key.hpp"

#include <string>

#include <catch2/catch.hpp>

using threefactor::IdempotencyKey;
using threefactor::UuidBytes;

namespace {

std::string Hex(const UuidBytes& bytes) {
  std::string text;
  for (const auto byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

constexpr UuidBytes kEvent = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                              0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

}  // namespace

// The expected values come from another implementation (Python's hashlib) of the definition in the header.
TEST_CASE("an idempotency key is the marked digest of event and event trigger") {
  CHECK(Hex(IdempotencyKey(kEvent, 1)) == "6311c3427a01883aa127105979b96d08");
  CHECK(Hex(IdempotencyKey(kEvent, 0x01020304)) == "9bda32486383844f897f3181f99de660");
  CHECK(Hex(IdempotencyKey(UuidBytes{}, 1)) == "37dbf5ba6abb8224b8a2d3b0988ba0eb");
}

TEST_CASE("an idempotency key is a UUID of version 8 and variant 10") {
  for (int trigger = 1; trigger < 100; trigger++) {
    const UuidBytes key = IdempotencyKey(kEvent, trigger);
    CHECK(key[6] >> 4 == 8);
    CHECK(key[8] >> 6 == 2);
  }
}

TEST_CASE("idempotency keys differ by event and by event trigger") {
  CHECK(IdempotencyKey(kEvent, 1) != IdempotencyKey(kEvent, 2));
  CHECK(IdempotencyKey(kEvent, 1) != IdempotencyKey(UuidBytes{}, 1));
  CHECK(IdempotencyKey(kEvent, 1) == IdempotencyKey(kEvent, 1));
}
