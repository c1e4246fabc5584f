// What a delivery carries, one function for each body profile; handlers/README.md shows them. Nothing in it changes
// between attempts, Hasura's delivery_info apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "definition/definition.hpp"
#include "event/event.hpp"

namespace threefactor::delivery {

struct BodySource {
  const Event& event;
  const UuidBytes& key;
  std::string_view trigger_name;
  const std::optional<std::vector<std::string>>& payload;  // columns; none: all
  int current_retry = 0;                                   // attempts made before
  int max_retries = 0;
};

struct Content {
  std::string body;
  std::string type = "application/json";
  std::vector<std::string> headers = {};  // lines "Name: value" that belong to the body
};

Content MakeContent(BodyProfile profile, const BodySource& source);

// Hasura's event webhook, so that handlers written for it run unchanged. created_at carries a Z.
std::string HasuraBody(const BodySource& source);
// Of a scheduled event, whose new row is all of it but the id (sql/schedules.sql): as Hasura sends its own.
std::string ScheduledBody(const BodySource& source);
// As Supabase's database webhooks send it.
std::string SupabaseBody(const BodySource& source);

// Appends old_row or new_row of the event, cut to the chosen columns if it is a row of a table; null when absent.
void AppendRow(std::string& body, const BodySource& source, const OptionalText& row);
// Appends `text` as a JSON string, or null.
void AppendText(std::string& body, const OptionalText& text);
// Appends `json`, or null.
void AppendJson(std::string& body, const OptionalText& json);

// Of a row as JSON text, `{"column":value,...}`, only the members of `columns`, their bytes as they are. The text is
// trusted to be JSON; what is not an object, or stands for a row too large to keep, is returned whole.
std::string ProjectRow(std::string_view row, const std::vector<std::string>& columns);

}  // namespace threefactor::delivery
