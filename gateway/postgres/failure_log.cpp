#include "postgres/failure_log.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace threefactor {

namespace {

constexpr std::size_t kLongestName = 128;

struct Condition {
  std::string_view sqlstate;
  std::string_view name;
};

constexpr Condition kConditions[] = {
#include "condition_names.inc"
};

std::string Labelled(std::string_view label, std::string_view name) {
  const bool is_printable = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (name.empty() || !is_printable) return {};
  return fmt::format(", {} {}", label, name.substr(0, kLongestName));
}

}  // namespace

std::string FailureKind(std::string_view sqlstate) {
  const auto* const found = std::find_if(std::begin(kConditions), std::end(kConditions),
                                         [sqlstate](const Condition& each) { return each.sqlstate == sqlstate; });
  return found == std::end(kConditions) ? fmt::format("SQLSTATE {}", sqlstate)
                                        : fmt::format("SQLSTATE {} ({})", sqlstate, found->name);
}

std::string FailureKind(const Error& error) {
  return error.sqlstate().empty() ? error.code() : FailureKind(error.sqlstate());
}

void LogFailure(const Error& error, std::string_view request_id, std::string_view operation_name) {
  if (error.code() != code::kUnexpected) return;
  spdlog::warn("an operation failed in the database: {}{}{}", FailureKind(error), Labelled("request", request_id),
               Labelled("operation", operation_name));
}

}  // namespace threefactor
