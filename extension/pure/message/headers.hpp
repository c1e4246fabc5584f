// The URL and the headers of a delivery.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "definition/definition.hpp"
#include "message/body.hpp"

namespace threefactor::delivery {

// The delivery cannot be posted, now or later: it dies with this as its error.
class CannotPost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The environment variables that definitions may name: those matched by `patterns` (threefactor.environment_variables:
// names parted by commas, * at the end of one matches any rest).
class Environment {
 public:
  using Lookup = std::function<const char*(const char*)>;  // as getenv
  Environment(std::string_view patterns, Lookup lookup);
  // Throws CannotPost when the variable may not be used or is not set.
  std::string Value(std::string_view name) const;

 private:
  std::vector<std::string> patterns_;
  Lookup lookup_;
};

// The webhook with each {{NAME}} replaced. Throws CannotPost: also for a control character or a scheme other than
// http(s).
std::string ExpandUrl(std::string_view webhook, const Environment& environment);

struct HeaderContext {
  const UuidBytes& key;
  int attempt;       // 1 is the first
  std::int64_t now;  // seconds since 1970
  const OptionalText& trace_context;
  const Content& content;
};

// Lines "Name: value": those of every delivery, signed with each secret of the definition, and the configured ones,
// which do not replace any of ours. Throws CannotPost: a name that is no token, a control character in a value.
std::vector<std::string> MakeHeaders(const Definition& definition, const Environment& environment,
                                     const HeaderContext& context);

// W3C traceparent of a trace context {"trace_id": "...", "span_id": "..."}; when it holds none that is valid, one made
// of the key, so that all attempts of a delivery belong to one trace.
std::string TraceParent(const OptionalText& trace_context, const UuidBytes& key);

}  // namespace threefactor::delivery
