#include "commands/import.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "commands/project.hpp"
#include "execute/text_array.hpp"
#include "metadata/arguments.hpp"
#include "metadata/document.hpp"
#include "metadata/metadata.hpp"

namespace threefactor::commands {

namespace {

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};

// A connection that waits for answers.
class Database {
 public:
  explicit Database(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK)
      throw std::runtime_error(
          fmt::format("cannot connect to the database: {}", Line(PQerrorMessage(connection_.get()))));
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char* message) { fmt::print(stderr, "{}", message); }, nullptr);
    Ask("SET client_encoding = 'UTF8'");
  }

  // The only value of the answer; empty: there is none.
  std::string Ask(const char* text, const std::vector<std::string>& parameters = {}) {
    std::vector<const char*> values;
    for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
    const std::unique_ptr<PGresult, ClearResult> result(PQexecParams(
        connection_.get(), text, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
      const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      const std::string message = Line(PQerrorMessage(connection_.get()));
      if (state != nullptr && (std::string_view(state) == sqlstate::kInvalidSchemaName ||
                               std::string_view(state) == sqlstate::kUndefinedFunction))
        throw std::runtime_error(
            fmt::format("the database lacks the extension: run CREATE EXTENSION threefactor ({})", message));
      throw std::runtime_error(message);
    }
    return PQntuples(result.get()) == 1 && PQnfields(result.get()) == 1 ? PQgetvalue(result.get(), 0, 0) : "";
  }

 private:
  static std::string Line(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  std::unique_ptr<PGconn, FinishConnection> connection_;
};

std::string KeyOf(const metadata::Object& object) {
  return fmt::format("{}/{}/{}/{}", object.kind, object.owner.schema, object.owner.name, object.name);
}

// What the metadata had and has no more.
std::vector<std::string> Removed(const JsonDocument& before, const metadata::Document& wanted) {
  std::set<std::string> kept;
  for (const metadata::Object& object : wanted.objects) kept.insert(KeyOf(object));
  std::vector<std::string> removed;
  for (const metadata::Object& object : metadata::ReadDocument(before.root(), "$").objects)
    if (!kept.contains(KeyOf(object)) && object.kind != "untracked_tables") removed.push_back(object.label);
  return removed;
}

void PrintList(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  fmt::print("{}\n", title);
  for (const std::string& line : lines) fmt::print("  {}\n", line);
}

// Numbers by type, and the names of each.
void PrintMade(const metadata::Document& wanted, const std::set<std::string>& failed, bool apply) {
  std::map<std::string, std::vector<std::string>> made;
  for (const metadata::Object& object : wanted.objects)
    if (!failed.contains(object.label)) made[object.type].push_back(object.label);
  fmt::print("{}\n", apply ? "Made:" : "Would be made:");
  if (made.empty()) fmt::print("  nothing\n");
  for (const auto& [type, labels] : made) {
    fmt::print("  {}: {}\n", type, labels.size());
    for (const std::string& label : labels) fmt::print("    {}\n", label);
  }
}

constexpr const char* kNotTracked =
    "SELECT coalesce(pg_catalog.json_agg(pg_catalog.format('%s.%s', n.nspname, c.relname) ORDER BY n.nspname, "
    "c.relname), '[]') "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}'::pg_catalog.\"char\"[]) AND n.nspname "
    "OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[]) AND NOT EXISTS (SELECT FROM pg_catalog.json_array_elements("
    "threefactor.export_metadata() OPERATOR(pg_catalog.#>) '{sources,0,tables}') AS t WHERE "
    "(t OPERATOR(pg_catalog.#>>) '{table,schema}') OPERATOR(pg_catalog.=) n.nspname AND "
    "(t OPERATOR(pg_catalog.#>>) '{table,name}') OPERATOR(pg_catalog.=) c.relname)";

std::vector<std::string> TextsOf(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list.Items()) texts.emplace_back(item.Text());
  return texts;
}

}  // namespace

int Import(const ImportOptions& import, const Options& options) {
  const Project project = ReadProject(import.path);
  metadata::RefuseRepeatedKeys(project.metadata.root(), "$");
  const metadata::Document wanted = metadata::ReadDocument(project.metadata.root(), "$");

  Database database(options.database_url);
  database.Ask("BEGIN");
  database.Ask("SET LOCAL lock_timeout = '30s'");
  database.Ask("SET LOCAL search_path = pg_catalog, pg_temp");
  if (!options.admin_role.empty()) database.Ask("SELECT pg_catalog.set_config('role', $1, true)", {options.admin_role});
  const sql::Statement settings = metadata::SettingsStatement(options.schemas, options.role_prefix);
  std::vector<std::string> values;
  for (const auto& value : settings.parameters) values.push_back(value.value_or(""));
  database.Ask(settings.text.c_str(), values);
  const JsonDocument before = ParseJson(database.Ask("SELECT threefactor.export_metadata()"), "the metadata");
  const JsonDocument answer = ParseJson(database.Ask("SELECT threefactor.replace_metadata($1::pg_catalog.json, true)",
                                                     {metadata::WriteCalls(wanted.objects)}),
                                        "the answer");
  const JsonDocument untracked =
      ParseJson(database.Ask(kNotTracked, {execute::TextArray(options.schemas)}), "the tables");

  std::vector<std::string> cannot;
  for (const Error& refused : wanted.refused)
    cannot.push_back(fmt::format("{}: {}", refused.path(), refused.message()));
  std::set<std::string> failed;
  if (const Json* objects = answer.root().Find("inconsistent_objects")) {
    for (const Json& object : objects->Items()) {
      const std::string label = metadata::RequireString(object, "name", "$");
      failed.insert(label);
      cannot.push_back(fmt::format("{}: {}", label, metadata::RequireString(object, "reason", "$")));
    }
  }
  const bool applies = import.apply && (cannot.empty() || import.partial);
  database.Ask(applies ? "COMMIT" : "ROLLBACK");

  PrintMade(wanted, failed, applies);
  PrintList(applies ? "Removed:" : "Would be removed:", Removed(before, wanted));
  PrintList("Kept, without effect here:", wanted.notes);
  PrintList("Not in the metadata, and served to roles with the privileges (untrack_table hides one):",
            TextsOf(untracked.root()));
  PrintList("Cannot be done:", cannot);
  if (applies)
    fmt::print("Applied, in one transaction.\n");
  else if (import.apply)
    fmt::print("Nothing was changed: mend what cannot be done, or say --partial to do the rest.\n");
  else
    fmt::print("Nothing was changed. --apply does it{}.\n",
               cannot.empty() ? "" : ", with --partial, but for what cannot be done");
  return cannot.empty() || applies ? 0 : 2;
}

}  // namespace threefactor::commands
