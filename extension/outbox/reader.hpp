// Reads the outbox in the order (xid, position), by index scans on its partitions, merged (README.md). Postgres-side:
// owns nothing with a destructor; its memory is that of the memory context in which it was begun.
#pragma once

#include "pg/prelude.hpp"

#include <memory>
#include <string_view>

#include "event/event.hpp"
#include "pg/encoding.hpp"

namespace threefactor::outbox {

struct Partition {
  int number;
  Oid table;
};

// One row. Texts are UTF-8, valid until the next row is read; a null is a view without data.
struct Row {
  uint64 xid;
  int64 position;
  UuidBytes event_id;
  TimestampTz created_at;
  const int32* definitions;
  int definition_count;
  const uint64* order_keys;  // as many; null: no definition is ordered
  std::string_view operation;
  std::string_view table_schema;
  std::string_view table_name;
  std::string_view old_row;
  std::string_view new_row;
  std::string_view session_variables;
  std::string_view trace_context;
  Size too_large;  // bytes of data, more than a delivery may have: the four above are null; 0: they are as stored
};

// What the data of one event may have, in bytes as stored: an eighth of threefactor.worker_memory (its request and what
// is made of it takes a multiple), and in any case threefactor.max_payload_size.
Size MostEventBytes();

struct Source;

class Reader {
 public:
  // Opens the partitions that are not empty. REQUIRES: a lock on the outbox.
  void Begin(const Partition* partitions, int count);
  // Next() gives the rows of the segment that the active snapshot sees.
  void Seek(const Segment& segment);
  bool Next(Row* row);
  // The same, without the texts (those of the row are null); Complete adds them.
  bool NextPlace(Row* row);
  void Complete(Row* row);
  // The blocks of the tables that hold what is left of the segment, as far as rows come in the order in which they were
  // written.
  double BlocksLeft() const;
  void End();

 private:
  bool Step();

  Source* sources_;
  int count_;
  Source* given_;  // whose row was given last
  MemoryContext row_context_;
};

// The old row of an event from the stored one (event/old_row.hpp), in the current memory context. Both may be
// null.
std::string_view WholeOldRow(std::string_view differing, std::string_view new_row);

// The row with these columns of the outbox.
Row RowOf(const Datum* values, const bool* nulls);

// The same as an object that owns what it holds. Raises nothing.
std::shared_ptr<const Event> MakeEvent(const Row& row);

}  // namespace threefactor::outbox
