// Documents that requests name by their hash instead of sending them: those that clients have registered (Apollo's
// automatic persisted queries) and, in trusted mode, those of a file, which are then the only ones that run.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/json.hpp"
#include "loop/mutex.hpp"

namespace threefactor::cache {

struct Document {
  std::string_view text;
  std::shared_ptr<const std::string> owner;  // of the text; null: it is the request's own
};

// Thread-safe: one for all event loops.
class Documents {
 public:
  // Registered documents are kept within so many bytes; those not used for longest go first.
  explicit Documents(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // From now on only documents of the file run. It holds {"id": "document", ...} (GraphQL Code Generator, Relay) or
  // Apollo's persisted query manifest {"operations": [{"id", "body"}]}. Throws std::runtime_error that names what is
  // wrong.
  void Trust(const std::string& file);

  // The document of a request: a JSON object that carries `query`, or names it in `documentId` or
  // `extensions.persistedQuery`, or does both to register it. Throws Error: kBadRequest for a wrong shape,
  // PERSISTED_QUERY_NOT_FOUND for a hash that nobody has registered, kValidationFailed for a document that is not
  // trusted.
  Document Resolve(std::string_view query, std::string_view document_id, const Json* extensions);

 private:
  struct Registered {
    std::string hash;
    std::shared_ptr<const std::string> text;
  };

  Document ResolveTrusted(std::string_view query, std::string_view id) const;
  Document FindRegistered(std::string_view hash);
  void Register(std::string_view hash, std::string_view text);

  const std::size_t most_bytes_;
  bool trusted_only_ = false;
  std::unordered_map<std::string, std::string> trusted_;  // by id; not changed once requests come
  std::unordered_set<std::string> trusted_texts_;

  Mutex mutex_;
  std::list<Registered> registered_ GUARDED_BY(mutex_);  // the most recently used first
  std::unordered_map<std::string_view, std::list<Registered>::iterator> by_hash_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace threefactor::cache
