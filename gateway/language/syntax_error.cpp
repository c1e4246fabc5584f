#include "language/syntax_error.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <string>

#include "error.hpp"

namespace threefactor::language {

namespace {

constexpr std::string_view kPath = "$.query";

}  // namespace

void ThrowSyntaxError(std::string_view source, std::size_t offset, std::string_view expected) {
  const std::string_view before = source.substr(0, offset);
  const std::size_t line_start = before.find_last_of("\r\n") + 1;  // npos + 1 is 0
  std::size_t line = 1;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == '\n' || (before[i] == '\r' && !(i + 1 < source.size() && source[i + 1] == '\n'))) ++line;
  }
  // Columns count characters: continuation bytes of UTF-8 do not begin one.
  const std::string_view line_before = before.substr(line_start);
  const auto column = 1 + std::count_if(line_before.begin(), line_before.end(),
                                        [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });

  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key("line");
  writer.Uint64(line);
  writer.Key("column");
  writer.Int64(column);
  writer.Key("expected");
  writer.String(expected.data(), static_cast<rapidjson::SizeType>(expected.size()));
  writer.EndObject();
  throw Error(code::kValidationFailed, "not a valid graphql query", std::string(kPath))
      .WithInternal({buffer.GetString(), buffer.GetSize()});
}

void ThrowLimitExceeded(std::string_view message) {
  throw Error(code::kValidationFailed, std::string(message), std::string(kPath));
}

}  // namespace threefactor::language
