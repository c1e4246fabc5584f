#include "metadata/inconsistent.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "schema/names.hpp"

namespace threefactor::metadata {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void WriteName(Writer& writer, const QualifiedName& name) {
  writer.StartObject();
  writer.Key("schema");
  writer.String(name.schema);
  writer.Key("name");
  writer.String(name.name);
  writer.EndObject();
}

// Names of tables and functions with their schema, all else as it was sent. Requires a value that was read as such.
void WriteValue(Writer& writer, const Json& value, std::string_view key) {
  if (key == "table" || key == "remote_table" || key == "function")
    return WriteName(writer, ReadName(value, std::string(key)));
  if (!value.IsObject()) {
    const std::string text = WriteJson(value);
    writer.RawValue(text.data(), text.size(), rapidjson::kObjectType);
    return;
  }
  writer.StartObject();
  for (const auto& [name, inner] : value.Members()) {
    writer.Key(name.Text().data(), static_cast<rapidjson::SizeType>(name.Text().size()));
    WriteValue(writer, inner, name.Text());
  }
  writer.EndObject();
}

}  // namespace

std::string DescribeObject(std::string_view type, const QualifiedName& table, const Json& args, const char* key) {
  const std::string name = RequireString(args, "name", "$");
  const Json* comment = FindMember(args, "comment");
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("definition");
  writer.StartObject();
  writer.Key(key);
  WriteValue(writer, *FindMember(args, key), key);
  writer.Key("name");
  writer.String(name);
  writer.Key("source");
  writer.String("default");
  writer.Key("comment");
  WriteValue(writer, comment == nullptr ? Json() : *comment, "comment");
  writer.Key("table");
  WriteName(writer, table);
  writer.EndObject();
  writer.Key("name");
  writer.String(std::string(type) + ' ' + name + " in table " + schema::QualifiedName(table.schema, table.name) +
                " in source default");
  writer.Key("type");
  writer.String(type.data(), static_cast<rapidjson::SizeType>(type.size()));
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string Inconsistent(const std::string& object, const std::string& reason) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.String(reason);
  return '[' + object.substr(0, object.size() - 1) + ",\"reason\":" + buffer.GetString() + "}]";
}

std::string NameOf(const schema::Omission& omission) {
  const std::string owner = schema::QualifiedName(omission.schema, omission.name) + " in source default";
  const bool is_whole = omission.field.empty() || omission.type == "table" || omission.type == "function";
  return omission.type + ' ' + (is_whole ? owner : omission.field + " in table " + owner);
}

namespace {

void WriteOmission(Writer& writer, const schema::Omission& omission) {
  writer.StartObject();
  writer.Key("definition");
  writer.StartObject();
  writer.Key(omission.type == "function" ? "function" : "table");
  WriteName(writer, {omission.schema, omission.name});
  if (!omission.field.empty()) {
    writer.Key("name");
    writer.String(omission.field);
  }
  writer.Key("source");
  writer.String("default");
  writer.EndObject();
  writer.Key("name");
  writer.String(NameOf(omission));
  writer.Key("reason");
  writer.String((omission.is_inconsistent ? "Inconsistent object: " : "") + omission.reason);
  if (!omission.remedy.empty()) {
    writer.Key("remedy");
    writer.String(omission.remedy);
  }
  writer.Key("type");
  writer.String(omission.type);
  writer.EndObject();
}

}  // namespace

std::string InconsistentMetadata(const std::vector<schema::Omission>& omissions,
                                 const std::vector<std::string>& stored) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("is_consistent");
  writer.Bool(stored.empty() &&
              std::none_of(omissions.begin(), omissions.end(), [](const auto& each) { return each.is_inconsistent; }));
  for (const bool is_inconsistent : {true, false}) {
    writer.Key(is_inconsistent ? "inconsistent_objects" : "left_out");
    writer.StartArray();
    if (is_inconsistent)
      for (const std::string& object : stored) writer.RawValue(object.data(), object.size(), rapidjson::kObjectType);
    for (const schema::Omission& omission : omissions) {
      if (omission.is_inconsistent == is_inconsistent) WriteOmission(writer, omission);
    }
    writer.EndArray();
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace threefactor::metadata
