#include "commands/import.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "commands/project.hpp"
#include "execute/text_array.hpp"
#include "metadata/arguments.hpp"
#include "metadata/document.hpp"
#include "metadata/metadata.hpp"
#include "postgres/connect.hpp"
#include "postgres/message.hpp"
#include "postgres/result.hpp"

namespace threefactor::commands {

namespace {

// A connection that waits for answers.
class Database {
 public:
  explicit Database(const std::string& url) {
    if (!postgres::IsConnectionString(url)) throw std::runtime_error("--database-url is no connection string of libpq");
    connection_ = postgres::Connect(url, "threefactor-gateway import");
    if (PQstatus(connection_.get()) != CONNECTION_OK)
      throw std::runtime_error(
          fmt::format("cannot connect to the database: {}", postgres::MessageOf(connection_.get())));
    PQsetNoticeReceiver(connection_.get(), &Print, nullptr);
  }

  // The only value of the answer; empty: there is none.
  std::string Ask(const sql::Statement& statement) {
    std::vector<const char*> values;
    for (const auto& parameter : statement.parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    const postgres::Result result(PQexecParams(connection_.get(), statement.text.c_str(),
                                               static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                                               nullptr, 0));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
      const std::string message = postgres::MessageOf(connection_.get());
      const std::string_view sqlstate = postgres::SqlState(result.get());
      if (sqlstate == sqlstate::kInvalidSchemaName || sqlstate == sqlstate::kUndefinedFunction)
        throw std::runtime_error(
            fmt::format("the database lacks the extension: run CREATE EXTENSION threefactor ({})", message));
      throw std::runtime_error(message);
    }
    return PQntuples(result.get()) == 1 && PQnfields(result.get()) == 1 ? PQgetvalue(result.get(), 0, 0) : "";
  }
  std::string Ask(std::string text, std::vector<std::optional<std::string>> parameters = {}) {
    return Ask(sql::Statement{std::move(text), std::move(parameters), "$", ""});
  }

 private:
  // What the objects made say to whoever runs the command.
  static void Print(void* /*context*/, const PGresult* notice) {
    fmt::print(stderr, "{}\n", postgres::OneLine(PQresultErrorMessage(notice)));
  }

  postgres::ConnectionHandle connection_;
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
  database.Ask(metadata::SettingsStatement(options.schemas, options.role_prefix));
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
