// From a handler's answer to what is to be applied.
#pragma once

#include <optional>
#include <string>

#include "apply_task/message.hpp"
#include "attempt/delivery.hpp"
#include "definition/definition.hpp"
#include "http/request.hpp"

namespace threefactor::apply {

struct Task {
  Job job;
  std::int32_t trigger_id = 0;
  std::uint32_t role = 0;  // that the statement runs as, its OID
};

// The answer has succeeded, and its event trigger has an apply statement.
bool IsToBeApplied(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer,
                   const delivery::Definitions& definitions);

// Why the answer cannot be applied: too large, or no text; empty: it can be tried.
std::string Unfit(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer);

// REQUIRES: IsToBeApplied, and not Unfit. The id of the job is that of the answer.
Task MakeTask(const delivery::Delivery& delivery, const delivery::HttpAnswer& answer,
              const delivery::Definitions& definitions);

}  // namespace threefactor::apply
