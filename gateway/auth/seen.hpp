// What was found out about a request before, by a digest of all that it depends on, so that no token or password is
// kept. Bounded: what was used longest ago goes. Of one thread.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace threefactor::auth {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

inline Digest DigestOf(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

template <typename Value>
class Seen {
 public:
  explicit Seen(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Null: it was not seen, or is no longer kept.
  const Value* Find(const Digest& digest) {
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // `bytes`: that the value takes.
  void Put(const Digest& digest, Value value, std::size_t bytes) {
    Erase(digest);
    entries_.push_front({digest, std::move(value), bytes + sizeof(Entry) + kOfTheMap});
    by_digest_.emplace(digest, entries_.begin());
    bytes_ += entries_.front().bytes;
    while (bytes_ > most_bytes_ && !entries_.empty()) Erase(Digest(entries_.back().digest));
  }

  void Erase(const Digest& digest) {
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return;
    bytes_ -= found->second->bytes;
    entries_.erase(found->second);
    by_digest_.erase(found);
  }

  std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::size_t kOfTheMap = 128;

  struct Entry {
    Digest digest;
    Value value;
    std::size_t bytes;
  };
  struct FirstBytes {
    std::size_t operator()(const Digest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof hash);
      return hash;
    }
  };

  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;
  std::unordered_map<Digest, typename std::list<Entry>::iterator, FirstBytes> by_digest_;
};

}  // namespace threefactor::auth
