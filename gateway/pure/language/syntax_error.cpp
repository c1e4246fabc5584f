#include "language/syntax_error.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>

#include "base/error.hpp"
#include "language/location.hpp"

namespace threefactor::language {

namespace {

constexpr std::string_view kPath = "$.query";

}  // namespace

void ThrowSyntaxError(std::string_view source, std::size_t offset, std::string_view expected) {
  const Location location = LocationOf(source, offset);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key("line");
  writer.Uint64(location.line);
  writer.Key("column");
  writer.Uint64(location.column);
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
