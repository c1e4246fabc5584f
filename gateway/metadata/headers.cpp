#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

void RefuseTransforms(const Json& args, const std::string& path) {
  for (const char* unsupported : {"request_transform", "response_transform"})
    if (FindMember(args, unsupported) != nullptr)
      throw Error(code::kNotSupported, fmt::format("{} is not supported", unsupported), path + "." + unsupported);
}

std::string Headers(const Json& args, const std::string& path) {
  JsonWriter writer;
  writer.StartObject();
  if (const Json* headers = FindMember(args, "headers")) {
    if (!headers->IsArray()) throw Error(code::kParseFailed, "expected a list of headers", path + ".headers");
    for (std::size_t i = 0; i < headers->Items().size(); ++i) {
      const Json& header = headers->Items()[i];
      const std::string header_path = fmt::format("{}.headers[{}]", path, i);
      if (!header.IsObject()) throw Error(code::kParseFailed, "expected an object", header_path);
      RefuseOtherKeys(header, {"name", "value", "value_from_env"}, header_path);
      writer.Key(RequireString(header, "name", header_path));
      const bool has_value = FindMember(header, "value") != nullptr;
      if (has_value == (FindMember(header, "value_from_env") != nullptr))
        throw Error(code::kParseFailed, "expected exactly one of value and value_from_env", header_path);
      if (has_value) {
        writer.String(RequireString(header, "value", header_path));
      } else {
        writer.StartObject();
        writer.Member("env", RequireString(header, "value_from_env", header_path));
        writer.EndObject();
      }
    }
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace threefactor::metadata
