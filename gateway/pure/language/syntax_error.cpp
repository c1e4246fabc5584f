#include "language/syntax_error.hpp"

#include <string>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "language/location.hpp"

namespace threefactor::language {

namespace {

constexpr std::string_view kPath = "$.query";

}  // namespace

void ThrowSyntaxError(std::string_view source, std::size_t offset, std::string_view expected) {
  const Location location = LocationOf(source, offset);
  JsonWriter writer;
  writer.StartObject();
  writer.Key("line");
  writer.Integer(location.line);
  writer.Key("column");
  writer.Integer(location.column);
  writer.Member("expected", expected);
  writer.EndObject();
  throw Error(code::kValidationFailed, "not a valid graphql query", std::string(kPath)).WithInternal(writer.Take());
}

void ThrowLimitExceeded(std::string_view message) {
  throw Error(code::kValidationFailed, std::string(message), std::string(kPath));
}

}  // namespace threefactor::language
