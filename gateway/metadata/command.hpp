// A request of the metadata API as the SQL it stands for. Pure: no I/O.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "execute/executor.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor::metadata {

struct Command {
  enum class Answer {
    kSuccess,  // {"message":"success"}
    kJson,     // the statement's only value
    kInner,    // what the only member of that object holds
    kRows,     // run_sql: {"result_type", "result"}
    kEventId,  // {"event_id": ...}
    kRedelivered,
    kConstant,  // `constant`
  };
  Answer answer = Answer::kSuccess;
  std::vector<sql::Statement> statements;
  int result = -1;                    // index of the statement whose result is answered
  bool changes_schema = false;        // read the catalog again afterwards
  bool is_data_query = false;         // of the first data API: its errors are those of GraphQL
  std::string path;                   // JSONPath of the arguments, for errors
  std::string table_path = ".table";  // below it, where a table that is not there is reported
  std::string constant{};             // JSON
  std::string object{};               // what it makes, for an error that calls that inconsistent (inconsistent.hpp)
  std::string before{};               // what stands around its answer: brackets and commas of bulks
  std::string after{};
};

struct Batch {
  std::vector<Command> commands;                // of all bulks, in order: one transaction
  std::optional<std::string> expected_version;  // which the metadata has to have: a number
};

// What a request is read with, beside itself.
struct Context {
  std::shared_ptr<const schema::Schema> schema;  // of queries for data
  const Json* stored = nullptr;                  // what is inconsistent (whole.hpp); null: nothing
};

// Throws Error with the JSONPath of what is wrong. `path`: where the request stands.
Batch ParseBatch(const Json& request, const Context& context, const std::string& path = "$");

// The requests of a bulk_keep_going, each with a transaction of its own; null: the request is none. Throws Error where
// its form is wrong.
const Json* KeptGoing(const Json& request);

// create_event_trigger: Hasura's arguments to those of threefactor.create_event_trigger.
sql::Statement CreateEventTrigger(const Json& args, const std::string& path);

// The reply of one command from the result of its statement. Throws Error where the result means failure.
std::string RenderAnswer(const Command& command, const execute::Executor::Rows& rows);

}  // namespace threefactor::metadata
