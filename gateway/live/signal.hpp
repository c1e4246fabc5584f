// What the server says about changes, and how far the listener has heard. Pure. Protocol: live/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/catalog.hpp"

namespace threefactor::live {

struct Signal {
  std::vector<schema::Oid> relations;  // that changed
  bool schema = false;                 // DDL was committed: every result and the schema itself may be old
  bool everything = false;             // precision was lost: any relation, and the schema, may have changed
};

// One row of threefactor.changes.
struct Change {
  std::int64_t sequence = 0;
  std::optional<schema::Oid> relation;  // absent unless kind is "relation"
  std::string_view kind;                // relation, schema, everything
};

// The position in the server's series of changes. An epoch lasts as long as the server's memory of them.
class Cursor {
 public:
  void Reset(std::string epoch, std::int64_t sequence);  // what threefactor.watch answered
  // A doorbell's payload, "<epoch> <sequence>". True: there is something to read beyond the cursor.
  bool Ring(std::string_view payload);
  // Moves past `changes`. A kind we do not know counts as "everything".
  Signal Advance(const std::vector<Change>& changes);

  const std::string& epoch() const { return epoch_; }
  std::int64_t sequence() const { return sequence_; }

 private:
  std::string epoch_;
  std::int64_t sequence_ = 0;
};

}  // namespace threefactor::live
