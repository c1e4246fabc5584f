// Objects between the gateway and the extension: those that it keeps because they could not be made, and those that it
// is to make.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/json_writer.hpp"
#include "metadata/object_lists.hpp"

namespace threefactor::metadata {

namespace {

Object ReadOneStored(const Json& stored) {
  const std::string path = "$";
  const std::string kind = RequireString(stored, "kind", path);
  const QualifiedName owner = {RequireString(stored, "schema", path), RequireString(stored, "table", path)};
  const std::string name = RequireString(stored, "name", path);
  const Json* item = FindMember(stored, "item");
  if (item == nullptr) throw Error(code::kUnexpected, "an inconsistent object without a definition");
  if (const ListKind* list = FindList(kind)) {
    Object object{kind, owner, name, std::string(list->type), LabelOf(*list, owner, name), WriteJson(*item), path};
    object.statement = StatementOf(*list, owner, *item, path);
    return object;
  }
  // The others are read as the document that holds them alone.
  RequestBuilder args{Json()};
  JsonBuilder builder(64);
  const std::array<Json, 1> one = {*item};
  const Json list = builder.Array(one);
  if (kind == "table" || kind == "function") {
    const JsonDocument given = args.Add(kind == "table" ? "tables" : "functions", list).Take();
    Document document = ReadDocument(given.root(), path);
    if (document.objects.size() == 1) return std::move(document.objects.front());
  }
  Object object{kind, owner, name, kind, kind + " " + name, WriteJson(*item), path};
  if (kind == "untracked_tables")
    object.statement = {"SELECT threefactor.hide_table($1, $2)", {owner.schema, owner.name}, path, ""};
  else if (kind == "source")
    object.statement = {"SELECT threefactor.set_source($1::pg_catalog.json)", {object.item}, path, ""};
  else
    object.statement = {"SELECT threefactor.set_api_limits($1::pg_catalog.json)", {object.item}, path, ""};
  return object;
}

// What it consists of, with the table or function that it belongs to.
std::string DefinitionOf(const Object& object) {
  if (object.owner.name.empty() || object.kind == "table" || object.kind == "function" ||
      object.kind == "untracked_tables")
    return object.item;
  return fmt::format(R"({},"source":"default","{}":{}}})", object.item.substr(0, object.item.size() - 1),
                     object.kind == "function_permissions" ? "function" : "table", NameText(object.owner));
}

}  // namespace

std::vector<Object> ReadStored(const Json& stored) {
  std::vector<Object> objects;
  for (const Json& each : stored.Items()) {
    objects.push_back(ReadOneStored(each));
    objects.back().reason = RequireString(each, "reason", "$");
  }
  SortAsMade(objects);
  return objects;
}

std::string WriteCalls(const std::vector<Object>& objects) {
  JsonWriter writer;
  writer.StartArray();
  for (const Object& object : objects) {
    writer.StartObject();
    writer.Member("kind", object.kind);
    writer.Member("schema", object.owner.schema);
    writer.Member("table", object.owner.name);
    writer.Member("name", object.name);
    writer.Member("type", object.type);
    writer.Member("label", object.label);
    const std::string definition = DefinitionOf(object);
    writer.Key("definition");
    writer.Raw(definition);
    writer.Key("item");
    writer.Raw(object.item);
    writer.Member("statement", object.statement.text);
    writer.Key("parameters");
    writer.StartArray();
    for (const auto& parameter : object.statement.parameters) {
      if (parameter)
        writer.String(*parameter);
      else
        writer.Null();
    }
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  return writer.Take();
}

std::string Show(const Object& object) {
  return fmt::format(R"({{"definition":{},"name":{},"reason":{},"type":{}}})", DefinitionOf(object),
                     WriteJsonString(object.label), WriteJsonString(object.reason), WriteJsonString(object.type));
}

}  // namespace threefactor::metadata
