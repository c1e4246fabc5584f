// From a handler's answer to what is to be applied. Pure.
#pragma once

#include <optional>
#include <string>

#include "apply/pure/message.hpp"
#include "delivery/pure/definition.hpp"
#include "delivery/pure/http.hpp"
#include "delivery/pure/state.hpp"

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
