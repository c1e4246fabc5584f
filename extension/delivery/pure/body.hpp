// The body of a delivery: Hasura's event webhook, so that handlers written for it run unchanged. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delivery/pure/definition.hpp"
#include "delivery/pure/event.hpp"

namespace threefactor::delivery {

// current_retry is the number of attempts made before; created_at carries a Z.
std::string MakeBody(const Event& event, const UuidBytes& key, std::string_view trigger_name,
                     const std::optional<std::vector<std::string>>& payload, int current_retry, int max_retries);

// Of a scheduled event, whose new row is all of it but the id (sql/schedules.sql): Hasura's body of cron and one-off
// events.
std::string MakeScheduledBody(const Event& event, const UuidBytes& key);

// Of a row as JSON text, `{"column":value,...}`, only the members of `columns`, their bytes as they are. The text is
// trusted to be JSON; what is not an object is returned whole.
std::string ProjectRow(std::string_view row, const std::vector<std::string>& columns);

}  // namespace threefactor::delivery
