// One invocation of a handler, as data: what was posted, and the answer.
#pragma once

#include <rapidjson/document.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace threefactor::kit {

// The request is wrong, and would be wrong again: answered with `status` and {"error": message}.
class Rejected : public std::runtime_error {
 public:
  Rejected(int status, const std::string& message) : std::runtime_error(message), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

// The body is either an event ({"event":{"op","data":{"old","new"}}, ...}) or the row alone. The row of an event is
// event.data.new; of a DELETE, which has none, event.data.old; of a TRUNCATE, which is about no row, an empty one.
// Owns the parsed JSON; immutable, so any thread may read it.
class Call {
 public:
  // Throws Rejected(400) when the body is not JSON, not an object, or an event without its row.
  Call(std::string_view body, std::string idempotency_key);

  const rapidjson::Value& row() const { return *row_; }
  // event.op: INSERT, UPDATE, DELETE, TRUNCATE, MANUAL and so on; empty when the body is the row alone.
  const std::string& operation() const { return operation_; }
  // The same for every repetition of one delivery; empty when the caller sent none.
  const std::string& idempotency_key() const { return idempotency_key_; }

  // A field of the row (or of an object inside it: "metadata.amount"). Throws Rejected(400), naming the field, when it
  // is absent, null or of another type.
  std::string Text(std::string_view path) const;
  int Integer(std::string_view path) const;

 private:
  const rapidjson::Value& Field(std::string_view path) const;

  rapidjson::Document document_;
  const rapidjson::Value no_row_{rapidjson::kObjectType};
  const rapidjson::Value* row_;
  std::string operation_;
  std::string idempotency_key_;
};

struct Reply {
  int status = 200;
  std::string body = "{}";
};

// {"order_id": ..., "result": ...} and the like: an object of two-part fields.
Reply ReplyWith(int status, std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

}  // namespace threefactor::kit
