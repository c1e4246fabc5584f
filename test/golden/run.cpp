// Golden cases: a GraphQL request in, its SQL and its answer beside it. Each directory here that holds a
// request.graphql is a case; its files:
//   request.graphql   the document
//   variables.json    optional
//   role              optional: the database role to run as, and after a space its session variables as JSON
//   numbers_as_text   optional, empty: with --stringify-numeric-types
//   extension         optional: an extension that the case needs, and is left out without; extensions/NAME.sql is run
//                     for it
//   expected.sql      the relations read, the statements and their parameters
//   expected.json     the response body
// The SQL is that of a database with the extension; what a database without it answers must be the same bytes. So must
// what either answers among ../qualified/traps.sql: operators, functions and types that bare names would mean. All
// names in the SQL must have their schema. Runs in a database of its own, made for it at DATABASE_URL and dropped
// afterwards, with what the *.sql here make; everything in one transaction that is rolled back. usage: golden-tests
// DIRECTORY [--update] [CASE...]; --update writes what it got.
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>

#include "base/error.hpp"
#include "base/json.hpp"
#include "execute/claims.hpp"
#include "pipeline/pipeline.hpp"
#include "postgres/error.hpp"
#include "qualified/unqualified.hpp"

namespace {

namespace fs = std::filesystem;
using threefactor::Error;

struct CloseResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Result = std::unique_ptr<PGresult, CloseResult>;
using Connection = std::unique_ptr<PGconn, CloseConnection>;

struct PostgresFailure {
  std::string sqlstate;
  std::string message;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Connection Connect(const std::string& url, const std::string& database) {
  const char* const keys[] = {"dbname", "dbname", nullptr};
  const char* const values[] = {url.c_str(), database.empty() ? nullptr : database.c_str(), nullptr};
  Connection connection(PQconnectdbParams(keys, values, 1));
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  return connection;
}

Result Check(Result result) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
  const char* sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
  throw PostgresFailure{sqlstate == nullptr ? "" : sqlstate, message == nullptr ? "" : message};
}

Result Run(PGconn* connection, const std::string& sql) {
  return Check(Result(PQexec(connection, sql.c_str())));
}

Result Run(PGconn* connection, const threefactor::sql::Statement& statement) {
  std::vector<const char*> values;
  for (const auto& parameter : statement.parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  return Check(Result(PQexecParams(connection, statement.text.c_str(), static_cast<int>(values.size()), nullptr,
                                   values.data(), nullptr, nullptr, 0)));
}

// The database exists as long as this does.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(std::string url)
      : url_(std::move(url)), name_("golden_" + std::to_string(getpid())), server_(Connect(url_, "")) {
    Run(server_.get(), "CREATE DATABASE " + name_ + " TEMPLATE template0");
    connection_ = Connect(url_, name_);
  }
  ~ScratchDatabase() {
    connection_.reset();
    Result dropped(PQexec(server_.get(), ("DROP DATABASE " + name_).c_str()));
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  PGconn* connection() const { return connection_.get(); }

 private:
  std::string url_;
  std::string name_;
  Connection server_;
  Connection connection_;
};

struct Actual {
  std::string sql;
  std::string json;
};

class Runner {
 public:
  Runner(PGconn* connection, bool has_extension) : connection_(connection), has_extension_(has_extension) {}

  Actual RunCase(const fs::path& directory) {
    std::istringstream role_file(ReadFile(directory / "role"));
    std::string role;
    std::string session;
    role_file >> role;
    std::getline(role_file >> std::ws, session);

    Run(connection_, "SAVEPOINT before_case");
    const std::string extension = ExtensionOf(directory);
    if (!extension.empty()) {
      Run(connection_, ReadFile(directory.parent_path() / "extensions" / (extension + ".sql")));
      schemas_.clear();
    }
    BecomeRole(role, session);
    Actual actual = Answer(directory, role);
    Run(connection_, "ROLLBACK TO before_case");
    if (!extension.empty()) schemas_.clear();
    return actual;
  }

  // Whether the server has the extension that the case needs.
  bool CanRun(const fs::path& directory) {
    threefactor::sql::Statement statement;
    statement.text =
        "SELECT FROM pg_catalog.pg_available_extensions WHERE name OPERATOR(pg_catalog.=) $1::pg_catalog.name";
    statement.parameters.emplace_back(ExtensionOf(directory));
    return statement.parameters[0]->empty() || PQntuples(Run(connection_, statement).get()) == 1;
  }

 private:
  static std::string ExtensionOf(const fs::path& directory) {
    std::istringstream file(ReadFile(directory / "extension"));
    std::string name;
    file >> name;
    return name;
  }

  void BecomeRole(const std::string& role, const std::string& session) {
    if (role.empty()) return;
    Run(connection_, "SET LOCAL ROLE " + role);
    threefactor::sql::Statement statement;
    statement.text =
        "SELECT pg_catalog.set_config('hasura.user', $1, true), pg_catalog.set_config('request.jwt.claims', $2, true)";
    statement.parameters = {session, threefactor::execute::ClaimsOf(session)};
    Run(connection_, statement);
  }

  std::shared_ptr<const threefactor::schema::Schema> SchemaOf(const std::string& role, bool numbers_as_text) {
    auto& schema = schemas_[{role, numbers_as_text}];
    if (schema) return schema;
    threefactor::sql::Statement statement;
    statement.text = threefactor::schema::CatalogQuery();
    statement.parameters.emplace_back("{public,other}");
    Run(connection_, "SAVEPOINT before_catalog");
    Run(connection_, std::string(threefactor::schema::kCatalogSearchPath));
    const Result result = Run(connection_, statement);
    statement.text = threefactor::schema::PrivilegesQuery();
    statement.parameters = {std::nullopt};  // of the current role
    const Result privileges = Run(connection_, statement);
    Run(connection_, "ROLLBACK TO before_catalog");
    auto catalog = std::make_shared<threefactor::schema::Catalog>(*threefactor::schema::WithPrivileges(
        *threefactor::schema::ParseCatalog(PQgetvalue(result.get(), 0, 0), numbers_as_text),
        PQgetvalue(privileges.get(), 0, 0)));
    catalog->has_extension = has_extension_;
    schema = threefactor::schema::BuildSchema(std::move(catalog));
    return schema;
  }

  Actual Answer(const fs::path& directory, const std::string& role) {
    Actual actual;
    try {
      const auto schema = SchemaOf(role, fs::exists(directory / "numbers_as_text"));
      const std::string document = ReadFile(directory / "request.graphql");
      threefactor::JsonDocument variables;
      if (fs::exists(directory / "variables.json")) {
        variables = threefactor::ParseJson(ReadFile(directory / "variables.json"), "variables.json");
      }
      const threefactor::Request request{document, "", variables.root().IsObject() ? &variables.root() : nullptr};
      const auto compiled = threefactor::Compile(schema, request, threefactor::Limits{}, operations_);
      const auto again = threefactor::Compile(schema, request, threefactor::Limits{}, operations_);
      if (Describe(*again) != Describe(*compiled))
        throw std::runtime_error(directory.string() + ": another operation from the cache:\n" + Describe(*again));
      actual.sql = Describe(*compiled);
      for (const auto& each : compiled->statements) {
        const std::string bare = threefactor::qualified::FindUnqualified(each.text);
        if (!bare.empty()) throw std::runtime_error(directory.string() + ": without a schema: " + bare);
      }
      actual.json = Execute(*compiled);
    } catch (const Error& error) {
      actual.json = threefactor::ToResponseBody(error);
    }
    // What Postgres prints must be JSON whatever the values are.
    try {
      threefactor::ParseJson(actual.json, "the answer");
    } catch (const Error& error) {
      throw std::runtime_error(directory.string() + ": " + error.message() + ' ' + actual.json);
    }
    return actual;
  }

  std::string Describe(const threefactor::sql::Compiled& compiled) {
    std::string text = compiled.reads.empty() ? "" : "-- reads " + NamesOf(compiled.reads) + '\n';
    for (const auto& statement : compiled.statements) {
      text += "-- " + statement.error_path + '\n' + statement.text + ";\n";
      for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
        text += "-- $" + std::to_string(i + 1) + " = " + statement.parameters[i].value_or("NULL") + '\n';
      }
    }
    return text;
  }

  std::string NamesOf(const std::vector<threefactor::schema::Oid>& relations) {
    std::string oids;
    for (const auto oid : relations) oids += (oids.empty() ? "" : ",") + std::to_string(oid);
    const Result names = Run(connection_,
                             "SELECT pg_catalog.string_agg(n, ', ' ORDER BY n COLLATE pg_catalog.\"C\") FROM (SELECT "
                             "o::pg_catalog.regclass::pg_catalog.text AS n FROM pg_catalog.unnest('{" +
                                 oids + "}'::pg_catalog.oid[]) AS o) AS names");
    return PQgetvalue(names.get(), 0, 0);
  }

  std::string Execute(const threefactor::sql::Compiled& compiled) {
    std::vector<Result> results;
    for (const auto& statement : compiled.statements) {
      try {
        results.push_back(Run(connection_, statement));
      } catch (const PostgresFailure& failure) {
        return threefactor::ToResponseBody(Translate(failure, statement));
      }
    }
    std::string data;
    for (const auto& part : compiled.parts) {
      data += part.text;
      if (part.statement < 0) continue;
      const auto index = static_cast<std::size_t>(part.statement);
      PGresult* result = results[index].get();
      if (PQntuples(result) == 0) {
        data += compiled.statements[index].empty_result;
      } else {
        data += PQgetvalue(result, 0, part.column);
      }
    }
    return "{\"data\":" + data + '}';
  }

  static Error Translate(const PostgresFailure& failure, const threefactor::sql::Statement& statement) {
    if (!statement.refusal.empty() && failure.message.find(statement.refusal) != std::string::npos) {
      return {threefactor::code::kNotSupported, statement.refusal, statement.refusal_path};
    }
    return threefactor::postgres::FromPostgres(failure.sqlstate, failure.message, "", "", statement.error_path);
  }

  PGconn* connection_;
  const bool has_extension_;
  threefactor::cache::OperationCache operations_{1 << 20};
  std::map<std::pair<std::string, bool>, std::shared_ptr<const threefactor::schema::Schema>> schemas_;
};

bool Compare(const fs::path& file, const std::string& actual, bool update) {
  if (update) {
    std::ofstream(file, std::ios::binary) << actual;
    return true;
  }
  const std::string expected = ReadFile(file);
  if (expected == actual) return true;
  std::cout << "FAILED " << file.string() << "\n  expected " << expected << "\n  got      " << actual << '\n';
  return false;
}

// How many fail. `update`: only what the extension answers is written, and that not among traps.
int RunCases(PGconn* connection, const std::vector<fs::path>& cases, bool has_extension, bool update) {
  Runner runner(connection, has_extension);
  int failed = 0;
  for (const fs::path& path : cases) {
    if (!runner.CanRun(path)) {
      std::cout << "left out " << path.filename().string() << ": the server lacks an extension\n";
      continue;
    }
    const Actual actual = runner.RunCase(path);
    const bool same_sql = !has_extension || Compare(path / "expected.sql", actual.sql, update);
    const bool same_json = Compare(path / "expected.json", actual.json + '\n', update && has_extension);
    if (!same_sql || !same_json) ++failed;
  }
  return failed;
}

// The SQL that sets all sequences to what they are at now: no transaction takes them back.
std::string SequencesNow(PGconn* connection) {
  const Result restore =
      Run(connection,
          "SELECT string_agg(format('SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %L);', seqrelid::oid, "
          "coalesce(pg_sequence_last_value(seqrelid), seqstart), pg_sequence_last_value(seqrelid) IS NOT NULL), ' ') "
          "FROM pg_sequence");
  return PQgetvalue(restore.get(), 0, 0);
}

int RunAll(const std::string& url, const fs::path& directory, const std::vector<std::string>& names, bool update) {
  std::vector<fs::path> schema;
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const fs::path& path = entry.path();
    const bool is_chosen =
        names.empty() || std::find(names.begin(), names.end(), path.filename().string()) != names.end();
    if (path.extension() == ".sql") schema.push_back(path);
    if (is_chosen && fs::exists(path / "request.graphql")) cases.push_back(path);
  }
  std::sort(schema.begin(), schema.end());
  std::sort(cases.begin(), cases.end());
  const ScratchDatabase database(url);
  Run(database.connection(), "BEGIN; SET LOCAL TIME ZONE 'UTC'; SET LOCAL lc_monetary = 'C'");
  for (const fs::path& path : schema) Run(database.connection(), ReadFile(path));
  const std::string sequences = SequencesNow(database.connection());
  int failed = RunCases(database.connection(), cases, true, update);
  Run(database.connection(), sequences);
  failed += RunCases(database.connection(), cases, false, update);
  Run(database.connection(), ReadFile(directory.parent_path() / "qualified" / "traps.sql"));
  Run(database.connection(), ReadFile(directory.parent_path() / "qualified" / "golden_traps.sql"));
  Run(database.connection(), sequences);
  failed += RunCases(database.connection(), cases, true, false);
  Run(database.connection(), sequences);
  failed += RunCases(database.connection(), cases, false, false);
  std::cout << cases.size() << " golden cases, with and without the extension, alone and among traps, " << failed
            << " failed\n";
  return cases.empty() || failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  const bool update = std::erase(names, "--update") > 0;
  const char* url = std::getenv("DATABASE_URL");
  if (url == nullptr || names.empty()) {
    std::cerr << "usage: DATABASE_URL=... golden-tests DIRECTORY [--update] [CASE...]\n";
    return 2;
  }
  const fs::path directory = names.front();
  names.erase(names.begin());
  try {
    return RunAll(url, directory, names, update);
  } catch (const PostgresFailure& failure) {
    std::cerr << failure.sqlstate << ": " << failure.message << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
