// What the delivery worker and an applier say to each other, as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threefactor::apply {

// A statement to run, once for its key.
struct Job {
  std::uint64_t id = 0;  // of the worker's choice, comes back in the result
  std::string statement;
  std::string search_path;
  std::string key;       // idempotency key of the delivery
  std::string event;     // JSON, $1
  std::string response;  // what the handler answered, $2
};

struct Result {
  std::uint64_t id = 0;
  std::string error;  // empty: it is applied, durably, now or before
};

std::string Pack(const Job& job);
std::string Pack(const Result& result);
// Throw std::invalid_argument.
Job UnpackJob(std::string_view bytes);
Result UnpackResult(std::string_view bytes);

}  // namespace threefactor::apply
