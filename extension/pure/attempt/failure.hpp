// A failure is an event too: what the error webhook of an event trigger is told of a dead letter.
#pragma once

#include <vector>

#include "attempt/delivery.hpp"
#include "definition/definition.hpp"

namespace threefactor::delivery {

// Gives each finished attempt that made a dead letter its failure, where the event trigger has an error webhook.
// One of more than `most_bytes` does not hold the event's rows, and its error says so.
void ReportFailures(std::vector<Attempt>& finished, const Definitions& definitions, std::size_t most_bytes);

// {"error","status","response","attempts","failed_at","event"}: of the last attempt, and the event as the Hasura
// profile shows it, whatever the profile of the event trigger is. REQUIRES: the event trigger exists.
std::string FailureReport(const Attempt& attempt, const Definitions& definitions);

}  // namespace threefactor::delivery
