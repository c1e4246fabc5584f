#include "metadata/inconsistent.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "schema/names.hpp"

namespace threefactor::metadata {

namespace {

void WriteName(JsonWriter& writer, const QualifiedName& name) {
  writer.StartObject();
  writer.Member("schema", name.schema);
  writer.Member("name", name.name);
  writer.EndObject();
}

// Names of tables and functions with their schema, all else as it was sent. Requires a value that was read as such.
void WriteValue(JsonWriter& writer, const Json& value, std::string_view key) {
  if (key == "table" || key == "remote_table" || key == "function")
    return WriteName(writer, ReadName(value, std::string(key)));
  if (!value.IsObject()) {
    const std::string text = WriteJson(value);
    writer.Raw(text);
    return;
  }
  writer.StartObject();
  for (const auto& [name, inner] : value.Members()) {
    writer.Key(name.Text());
    WriteValue(writer, inner, name.Text());
  }
  writer.EndObject();
}

}  // namespace

std::string DescribeObject(std::string_view type, const QualifiedName& table, const Json& args, const char* key) {
  const std::string name = RequireString(args, "name", "$");
  const Json* comment = FindMember(args, "comment");
  JsonWriter writer;
  writer.StartObject();
  writer.Key("definition");
  writer.StartObject();
  writer.Key(key);
  WriteValue(writer, *FindMember(args, key), key);
  writer.Member("name", name);
  writer.Member("source", "default");
  writer.Key("comment");
  WriteValue(writer, comment == nullptr ? Json() : *comment, "comment");
  writer.Key("table");
  WriteName(writer, table);
  writer.EndObject();
  writer.Key("name");
  writer.String(std::string(type) + ' ' + name + " in table " + schema::QualifiedName(table.schema, table.name) +
                " in source default");
  writer.Member("type", type);
  writer.EndObject();
  return writer.Take();
}

std::string Inconsistent(const std::string& object, const std::string& reason) {
  return '[' + object.substr(0, object.size() - 1) + ",\"reason\":" + WriteJsonString(reason) + "}]";
}

std::string NameOf(const schema::Omission& omission) {
  const std::string owner = schema::QualifiedName(omission.schema, omission.name) + " in source default";
  const bool is_whole = omission.field.empty() || omission.type == "table" || omission.type == "function";
  return omission.type + ' ' + (is_whole ? owner : omission.field + " in table " + owner);
}

namespace {

void WriteOmission(JsonWriter& writer, const schema::Omission& omission) {
  writer.StartObject();
  writer.Key("definition");
  writer.StartObject();
  writer.Key(omission.type == "function" ? "function" : "table");
  WriteName(writer, {omission.schema, omission.name});
  if (!omission.field.empty()) {
    writer.Member("name", omission.field);
  }
  writer.Member("source", "default");
  writer.EndObject();
  writer.Member("name", NameOf(omission));
  writer.Member("reason", (omission.is_inconsistent ? "Inconsistent object: " : "") + omission.reason);
  if (!omission.remedy.empty()) {
    writer.Member("remedy", omission.remedy);
  }
  writer.Member("type", omission.type);
  writer.EndObject();
}

}  // namespace

std::string InconsistentMetadata(const std::vector<schema::Omission>& omissions,
                                 const std::vector<std::string>& stored) {
  JsonWriter writer;
  writer.StartObject();
  writer.Key("is_consistent");
  writer.Bool(stored.empty() &&
              std::none_of(omissions.begin(), omissions.end(), [](const auto& each) { return each.is_inconsistent; }));
  for (const bool is_inconsistent : {true, false}) {
    writer.Key(is_inconsistent ? "inconsistent_objects" : "left_out");
    writer.StartArray();
    if (is_inconsistent)
      for (const std::string& object : stored) writer.Raw(object);
    for (const schema::Omission& omission : omissions) {
      if (omission.is_inconsistent == is_inconsistent) WriteOmission(writer, omission);
    }
    writer.EndArray();
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace threefactor::metadata
