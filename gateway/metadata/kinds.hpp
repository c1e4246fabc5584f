// The request types of the metadata API, each a function from its arguments to a command. Pure: no I/O.
#pragma once

#include <string>
#include <string_view>

#include "metadata/arguments.hpp"
#include "metadata/command.hpp"

namespace threefactor::metadata {

using ReadCommand = Command (*)(const Json& args, const std::string& path);

// Null: there is none of this name (without its "pg_").
ReadCommand FindTracking(std::string_view type);      // tracking.cpp: tables, functions, computed fields
ReadCommand FindRelationship(std::string_view type);  // relationships.cpp
ReadCommand FindPermission(std::string_view type);    // permissions.cpp
ReadCommand FindSchedule(std::string_view type);      // schedules.cpp: cron triggers, scheduled events
ReadCommand FindCollection(std::string_view type);    // collections.cpp: query collections, the allow-list
ReadCommand FindState(std::string_view type);         // state.cpp: limits, states of tools, logs, suggestions
ReadCommand FindWhole(std::string_view type);         // whole.cpp: export and replacement of all metadata

// insert_rows.cpp: the old `insert`. `schema`: knows which columns take GeoJSON.
Command InsertRows(const Json& args, const std::string& path, const schema::Schema& schema);

// The headers of Hasura's arguments, [{"name", "value" or "value_from_env"}], as create_event_trigger takes them
// (headers.cpp).
std::string Headers(const Json& args, const std::string& path);

// create_event_trigger, with what metadata calls the definition (the operations) apart from the rest, which may be the
// same object.
sql::Statement EventTriggerStatement(const Json& args, const std::string& path, const Json& operations,
                                     const std::string& operations_path);

// Throws Error(kNotSupported) for Hasura's request and response transforms of webhooks (headers.cpp).
void RefuseTransforms(const Json& args, const std::string& path);

// One statement whose only value is the answer.
Command Ask(std::string text, std::vector<std::optional<std::string>> parameters, const std::string& path);

// One call of a function of the schema threefactor that changes what the gateway serves.
Command Call(std::string text, std::vector<std::optional<std::string>> parameters, const std::string& path);

}  // namespace threefactor::metadata
