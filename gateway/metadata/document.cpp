#include "metadata/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json_writer.hpp"
#include "metadata/kinds.hpp"
#include "metadata/object_lists.hpp"
#include "schema/names.hpp"

namespace threefactor::metadata {

namespace {

bool IsEmptyValue(const Json& value) {
  if (value.IsNull()) return true;
  if (value.IsArray()) return value.Items().empty();
  return value.IsObject() && std::all_of(value.Members().begin(), value.Members().end(),
                                         [](const Json::Member& member) { return IsEmptyValue(member.value); });
}

class Reader {
 public:
  explicit Reader(Document& document) : document_(document) {}

  // What goes wrong in one object hinders no other: all is reported.
  template <typename F>
  void Guarded(F&& read) {
    try {
      read();
    } catch (const Error& error) {
      document_.refused.push_back(error);
    }
  }

  void ReadTop(const Json& metadata, const std::string& path) {
    if (!metadata.IsObject()) throw Error(code::kParseFailed, "expected an object: the metadata", path);
    const auto version = NumberOr(metadata, "version", metadata.Find("sources") != nullptr ? 3 : 1, path);
    if (version < 1 || version > 3)
      throw Error(code::kParseFailed, fmt::format("expected version 1, 2 or 3, encountered {}", version),
                  path + ".version");
    for (const auto& [name, value] : metadata.Members()) {
      const std::string key(name.Text());
      const std::string inner = path + "." + key;
      if (key == "version") continue;
      const auto list =
          std::find_if(TopLists().begin(), TopLists().end(), [&](const ListKind& each) { return each.kind == key; });
      if (list != TopLists().end()) {
        ReadList(*list, {}, value, inner);
      } else if (key == "api_limits") {
        if (!IsEmptyValue(value))
          Guarded([&] { Add({"api_limits", "api_limits", "set_api_limits", ""}, {}, value, inner); });
      } else if (version == 3 ? key == "sources" : key == "tables") {
        if (version == 3)
          ReadSources(value, inner);
        else
          ReadTables(value, inner);
      } else if (version != 3 && key == "functions") {
        ReadFunctions(value, inner);
      } else if (IsNotOffered(key)) {
        RefuseNotOffered(key, value, inner);
      } else {
        Refuse(fmt::format("unknown key \"{}\"", key), inner, code::kParseFailed);
      }
    }
  }

 private:
  void Refuse(std::string message, const std::string& path, std::string_view code = code::kNotSupported) {
    document_.refused.emplace_back(code, std::move(message), path);
  }

  static bool IsNotOffered(std::string_view key) {
    constexpr std::array<std::string_view, 11> kKeys = {"actions",
                                                        "custom_types",
                                                        "remote_schemas",
                                                        "rest_endpoints",
                                                        "metrics_config",
                                                        "network",
                                                        "backend_configs",
                                                        "graphql_schema_introspection",
                                                        "opentelemetry",
                                                        "domain",
                                                        "roles"};
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
  }

  // Each of them by name, where it has one.
  void RefuseNotOffered(const std::string& key, const Json& value, const std::string& path) {
    if (IsEmptyValue(value)) return;
    if (!value.IsArray()) return Refuse(fmt::format("{}: not supported here", key), path);
    for (std::size_t i = 0; i < value.Items().size(); ++i) {
      const Json* name = value.Items()[i].Find("name");
      Refuse(fmt::format("{}: not supported here: \"{}\"", key,
                         name != nullptr && name->IsString() ? name->Text() : "(no name)"),
             fmt::format("{}[{}]", path, i));
    }
  }

  void ReadSources(const Json& sources, const std::string& path) {
    if (!sources.IsArray()) return Refuse("expected a list of sources", path, code::kParseFailed);
    for (std::size_t i = 1; i < sources.Items().size(); ++i) {
      const auto name = [&](std::size_t place) {
        const Json* given = sources.Items()[place].Find("name");
        return given != nullptr && given->IsString() ? std::string(given->Text()) : std::string();
      };
      Refuse(fmt::format("several sources are not supported: \"{}\" beside \"{}\"", name(i), name(0)),
             fmt::format("{}[{}]", path, i));
    }
    if (!sources.Items().empty()) Guarded([&] { ReadSource(sources.Items()[0], path + "[0]"); });
  }

  void ReadSource(const Json& source, const std::string& path) {
    if (!source.IsObject()) throw Error(code::kParseFailed, "expected an object: a source", path);
    const std::string name = RequireString(source, "name", path);
    if (name.empty()) throw Error(code::kParseFailed, "unexpected empty string", path + ".name");
    if (const std::string kind = StringOr(source, "kind", "postgres", path); kind != "postgres" && kind != "pg")
      Refuse(
          fmt::format("source \"{}\" is of kind \"{}\": databases other than Postgres are not supported", name, kind),
          path + ".kind");
    for (const auto& [key, value] : source.Members()) {
      const std::string inner = fmt::format("{}.{}", path, key.Text());
      constexpr std::array<std::string_view, 6> kRead = {"name",   "kind",      "configuration",
                                                         "tables", "functions", "threefactor"};
      if (std::find(kRead.begin(), kRead.end(), key.Text()) != kRead.end()) continue;
      if (key.Text() == "customization") {
        Guarded([&] { CheckCustomization(value, inner); });
      } else if (key.Text() == "logical_models" || key.Text() == "native_queries" ||
                 key.Text() == "stored_procedures" || key.Text() == "query_tags" || key.Text() == "health_check") {
        RefuseNotOffered(std::string(key.Text()), value, inner);
      } else {
        Refuse(fmt::format("unknown key \"{}\"", key.Text()), inner, code::kParseFailed);
      }
    }
    KeepSource(source, name, path);
    // First, since it says which tables are not to be tracked.
    if (const Json* extras = ObjectOrNull(source, "threefactor", path)) ReadExtras(*extras, path + ".threefactor");
    if (const Json* tables = FindMember(source, "tables")) ReadTables(*tables, path + ".tables");
    if (const Json* functions = FindMember(source, "functions")) ReadFunctions(*functions, path + ".functions");
  }

  // Root fields and types keep their names.
  static void CheckCustomization(const Json& customization, const std::string& path) {
    for (const auto& [key, value] : customization.Members()) {
      if (IsEmptyValue(value) ||
          (key.Text() == "naming_convention" && value.IsString() && value.Text() == "hasura-default"))
        continue;
      throw Error(code::kNotSupported, fmt::format("customization of a source is not supported: {}", key.Text()),
                  fmt::format("{}.{}", path, key.Text()));
    }
  }

  // How Hasura connects, which is not how we do, and what the source is called: for those who export it again.
  void KeepSource(const Json& source, const std::string& name, const std::string& path) {
    constexpr std::string_view kDefault = "HASURA_GRAPHQL_DATABASE_URL";
    const Json* configuration = ObjectOrNull(source, "configuration", path);
    const std::string text = configuration == nullptr ? "" : WriteJson(*configuration);
    const bool is_default =
        text.empty() ||
        text == fmt::format(R"({{"connection_info":{{"database_url":{{"from_env":"{}"}}}}}})", kDefault);
    if (is_default && name == "default") return;
    if (!is_default)
      document_.notes.push_back(path +
                                ".configuration: kept, but --database-url says which database is served, and how");
    Object object{"source", {}, name, "source", "source " + name, {}, path};
    object.item =
        fmt::format(R"({{"name":{}{}}})", WriteJsonString(name), text.empty() ? "" : ",\"configuration\":" + text);
    object.statement = {"SELECT threefactor.set_source($1::pg_catalog.json)", {object.item}, path, ""};
    document_.objects.push_back(std::move(object));
  }

  void ReadExtras(const Json& extras, const std::string& path) {
    RefuseOtherKeys(extras, {"untracked_tables"}, path);
    const Json* tables = FindMember(extras, "untracked_tables");
    if (tables == nullptr) return;
    if (!tables->IsArray()) throw Error(code::kParseFailed, "expected a list of tables", path + ".untracked_tables");
    for (std::size_t i = 0; i < tables->Items().size(); ++i) {
      const std::string inner = fmt::format("{}.untracked_tables[{}]", path, i);
      const QualifiedName table = ReadName(tables->Items()[i], inner);
      untracked_.emplace(table.schema, table.name);
      const std::string label =
          fmt::format("untracked table {} in source default", schema::QualifiedName(table.schema, table.name));
      document_.objects.push_back({"untracked_tables",
                                   table,
                                   "",
                                   "untracked_table",
                                   label,
                                   NameText(table),
                                   inner,
                                   {"SELECT threefactor.hide_table($1, $2)", {table.schema, table.name}, inner, ""}});
    }
  }

  void ReadTables(const Json& tables, const std::string& path) {
    if (!tables.IsArray()) return Refuse("expected a list of tables", path, code::kParseFailed);
    for (std::size_t i = 0; i < tables.Items().size(); ++i)
      Guarded([&] { ReadTable(tables.Items()[i], fmt::format("{}[{}]", path, i)); });
  }

  void ReadTable(const Json& table, const std::string& path) {
    if (!table.IsObject()) throw Error(code::kParseFailed, "expected an object: a table", path);
    const QualifiedName name = RequireName(table, "table", path);
    Guarded([&] { AddTable(table, name, path); });
    for (const auto& [key, value] : table.Members()) {
      const std::string inner = fmt::format("{}.{}", path, key.Text());
      const auto list = std::find_if(TableLists().begin(), TableLists().end(),
                                     [kind = key.Text()](const ListKind& each) { return each.kind == kind; });
      if (list != TableLists().end()) {
        ReadList(*list, name, value, inner);
      } else if (key.Text() == "remote_relationships" || key.Text() == "apollo_federation_config") {
        RefuseNotOffered(std::string(key.Text()), value, inner);
      } else if (key.Text() != "table" && key.Text() != "is_enum" && key.Text() != "configuration") {
        Refuse(fmt::format("unknown key \"{}\"", key.Text()), inner, code::kParseFailed);
      }
    }
  }

  void AddTable(const Json& table, const QualifiedName& name, const std::string& path) {
    Object object{"table",
                  name,
                  "",
                  "table",
                  fmt::format("table {} in source default", schema::QualifiedName(name.schema, name.name)),
                  {},
                  path};
    Note(object);
    if (untracked_.contains({name.schema, name.name})) return;
    object.item = R"({"table":)" + NameText(name);
    RequestBuilder args{Json()};
    args.Add("table", name);
    for (const char* key : {"is_enum", "configuration"}) {
      const Json* value = FindMember(table, key);
      if (value == nullptr || (value->IsBool() && !value->IsTrue())) continue;
      args.Add(key, *value);
      object.item += fmt::format(",\"{}\":{}", key, WriteJson(*value));
    }
    object.item += "}";
    const JsonDocument given = args.Take();
    object.statement = FindTracking("track_table")(given.root(), path).statements.at(0);
    document_.objects.push_back(std::move(object));
  }

  void ReadFunctions(const Json& functions, const std::string& path) {
    if (!functions.IsArray()) return Refuse("expected a list of functions", path, code::kParseFailed);
    for (std::size_t i = 0; i < functions.Items().size(); ++i)
      Guarded([&] { ReadFunction(functions.Items()[i], fmt::format("{}[{}]", path, i)); });
  }

  // "name", {"schema", "name"} or {"function", "configuration", "permissions", "comment"}.
  void ReadFunction(const Json& given, const std::string& path) {
    const Json* permissions = nullptr;
    RequestBuilder args{Json()};
    std::string rest;
    QualifiedName name;
    if (given.Find("function") == nullptr) {
      RefuseOtherKeys(given, {"schema", "name"}, path);
      name = ReadName(given, path);
    } else {
      RefuseOtherKeys(given, {"function", "configuration", "permissions", "comment"}, path);
      name = RequireName(given, "function", path);
      permissions = FindMember(given, "permissions");
      for (const char* key : {"configuration", "comment"}) {
        const Json* value = FindMember(given, key);
        if (value == nullptr) continue;
        args.Add(key, *value);
        rest += fmt::format(",\"{}\":{}", key, WriteJson(*value));
      }
    }
    Object object{"function",
                  name,
                  "",
                  "function",
                  fmt::format("function {} in source default", schema::QualifiedName(name.schema, name.name)),
                  fmt::format(R"({{"function":{}{}}})", NameText(name), rest),
                  path};
    Note(object);
    const JsonDocument request = args.Add("function", name).Take();
    object.statement = FindTracking("track_function")(request.root(), path).statements.at(0);
    document_.objects.push_back(std::move(object));
    if (permissions != nullptr) ReadList(FunctionPermissions(), name, *permissions, path + ".permissions");
  }

  void ReadList(const ListKind& list, const QualifiedName& owner, const Json& items, const std::string& path) {
    if (items.IsNull()) return;
    if (!items.IsArray()) return Refuse("expected a list", path, code::kParseFailed);
    for (std::size_t i = 0; i < items.Items().size(); ++i)
      Guarded([&] { Add(list, owner, items.Items()[i], fmt::format("{}[{}]", path, i)); });
  }

  void Add(const ListKind& list, const QualifiedName& owner, const Json& item, const std::string& path) {
    if (!item.IsObject()) throw Error(code::kParseFailed, "expected an object", path);
    const std::string name = list.name_key.empty() ? "" : RequireString(item, std::string(list.name_key).c_str(), path);
    Object object{std::string(list.kind),     owner,           name, std::string(list.type),
                  LabelOf(list, owner, name), WriteJson(item), path};
    object.statement = StatementOf(list, owner, item, path);
    Note(object);
    document_.objects.push_back(std::move(object));
  }

  // Names are given once: both places are named. Those of event triggers hold for all tables.
  void Note(const Object& object) {
    const bool is_trigger = object.kind == "event_triggers" || object.kind == "cron_triggers";
    const std::string key =
        is_trigger ? "trigger " + object.name
                   : fmt::format("{} {} {} {}", object.kind, object.owner.schema, object.owner.name, object.name);
    const auto [first, is_new] = places_.emplace(key, object.path);
    if (!is_new)
      throw Error(code::kAlreadyExists,
                  fmt::format("{} is given twice: at {} and at {}", object.label, first->second, object.path),
                  object.path);
  }

  Document& document_;
  std::set<std::pair<std::string, std::string>> untracked_;
  std::map<std::string, std::string> places_;
};

}  // namespace

Document ReadDocument(const Json& metadata, const std::string& path) {
  Document document;
  Reader(document).ReadTop(metadata, path);
  SortAsMade(document.objects);
  return document;
}

}  // namespace threefactor::metadata
