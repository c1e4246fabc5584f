#include "base/error.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace threefactor {

namespace {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void WriteErrorArray(JsonWriter& writer, const Error& error, bool show_internal) {
  writer.StartArray();
  writer.StartObject();
  writer.Key("message");
  writer.String(error.message());
  writer.Key("extensions");
  writer.StartObject();
  writer.Key("path");
  writer.String(error.path());
  writer.Key("code");
  writer.String(error.code());
  // As Hasura does: an error of Postgres that has a code of its own says all in its message.
  const bool is_named =
      !error.sqlstate().empty() && error.code() != code::kUnexpected && error.code() != code::kPostgresError;
  if (show_internal && !is_named && !error.internal().empty()) {
    writer.Key("internal");
    writer.RawValue(error.internal().data(), error.internal().size(), rapidjson::kObjectType);
  }
  writer.EndObject();
  writer.EndObject();
  writer.EndArray();
}

}  // namespace

std::string ToResponseBody(const Error& error, bool show_internal) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("errors");
  WriteErrorArray(writer, error, show_internal);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string ToErrorArray(const Error& error, bool show_internal) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  WriteErrorArray(writer, error, show_internal);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string ToApiErrorBody(const Error& error) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("path");
  writer.String(error.path());
  writer.Key("error");
  writer.String(error.message());
  writer.Key("code");
  writer.String(error.code());
  if (!error.internal().empty()) {
    writer.Key("internal");
    writer.RawValue(error.internal().data(), error.internal().size(), rapidjson::kObjectType);
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace threefactor
