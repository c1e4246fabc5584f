#include "base/error.hpp"

#include "base/json_writer.hpp"

namespace threefactor {

namespace {

void WriteErrorArray(JsonWriter& writer, const Error& error, bool show_internal) {
  writer.StartArray();
  writer.StartObject();
  writer.Member("message", error.message());
  writer.Key("extensions");
  writer.StartObject();
  writer.Member("path", error.path());
  writer.Member("code", error.code());
  // As Hasura does: an error of Postgres that has a code of its own says all in its message.
  const bool is_named =
      !error.sqlstate().empty() && error.code() != code::kUnexpected && error.code() != code::kPostgresError;
  if (show_internal && !is_named && !error.internal().empty()) {
    writer.Key("internal");
    writer.Raw(error.internal());
  }
  writer.EndObject();
  writer.EndObject();
  writer.EndArray();
}

}  // namespace

std::string ToResponseBody(const Error& error, bool show_internal) {
  JsonWriter writer;
  writer.StartObject();
  writer.Key("errors");
  WriteErrorArray(writer, error, show_internal);
  writer.EndObject();
  return writer.Take();
}

std::string ToErrorArray(const Error& error, bool show_internal) {
  JsonWriter writer;
  WriteErrorArray(writer, error, show_internal);
  return writer.Take();
}

std::string ToApiErrorBody(const Error& error) {
  JsonWriter writer;
  writer.StartObject();
  writer.Member("path", error.path());
  writer.Member("error", error.message());
  writer.Member("code", error.code());
  if (!error.internal().empty()) {
    writer.Key("internal");
    writer.Raw(error.internal());
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace threefactor
