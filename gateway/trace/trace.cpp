#include "trace/trace.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace threefactor {

namespace {

// In the order of Stage.
constexpr std::array<const char*, 8> kNames = {"request", "cache",   "parse",      "validate",
                                               "plan",    "compile", "connection", "database"};

double Milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

void Trace::Finish(Stage stage) {
  const auto now = Clock::now();
  const auto index = static_cast<std::size_t>(stage);
  times_[index] += now - latest_;
  passed_[index] = true;
  latest_ = now;
}

std::string Trace::ServerTiming() const {
  if (!wanted_.timing) return {};
  std::string line = "Server-Timing: ";
  for (std::size_t i = 0; i < kStages; ++i) {
    if (!passed_[i]) continue;
    const bool is_cache = i == static_cast<std::size_t>(Stage::kCache);
    line += fmt::format("{}{};dur={:.3f}, ", kNames[i], is_cache ? (hits_ > 0 ? ";desc=hit" : ";desc=miss") : "",
                        Milliseconds(times_[i]));
  }
  return line + fmt::format("total;dur={:.3f}\r\n", Milliseconds(Clock::now() - start_));
}

std::string Trace::Extensions(const sql::Compiled& compiled) const {
  if (!wanted_.sql) return {};
  JsonWriter writer;
  writer.StartArray();
  for (const sql::Statement& statement : compiled.statements) {
    writer.StartObject();
    writer.Member("sql", statement.text);
    writer.Key("parameters");
    writer.StartArray();
    for (const auto& parameter : statement.parameters) parameter ? writer.String(*parameter) : writer.Null();
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  return fmt::format(R"(,"extensions":{{"debug":{{"statements":{}}}}})", writer.Take());
}

}  // namespace threefactor
