#include <stdexcept>
#include <string>

#include "apply_task/message.hpp"
#include "checkpoint/checkpoint.hpp"
#include "cron/cron.hpp"
#include "event/old_row.hpp"
#include "handlers/kit/call.hpp"
#include "http/egress.hpp"
#include "http/retry_after.hpp"
#include "language/characters.hpp"
#include "message/headers.hpp"
#include "targets.hpp"
#include "text/text.hpp"

namespace threefactor::fuzz {

namespace {

template <typename Read>
void MayThrow(Read read) {
  try {
    read();
  } catch (const std::runtime_error&) {  // InvalidCron, CannotPost, Rejected
  } catch (const std::invalid_argument&) {
  }
}

}  // namespace

void Delivery(std::string_view input) {
  if (input.empty()) return;
  const std::string_view text = input.substr(1);
  switch (input.front()) {
    case 'r':
      delivery::ParseRetryAfter(text, 1'700'000'000);
      break;
    case 'c':
      MayThrow([&] { schedule::Matches(schedule::ParseCron(text), 28'000'000); });
      break;
    case 'n':
      MayThrow([&] { delivery::ParseNetworks(text); });
      break;
    case 'a':
      delivery::RefusalOf({}, std::string(text).c_str());
      break;
    case 't':
      delivery::TraceParent(std::string(text), {});
      break;
    case 'u':
      MayThrow([&] { delivery::ExpandUrl(text, {"*", [](const char*) { return "value"; }}); });
      break;
    case 'p':
      MayThrow([&] { delivery::Format(delivery::Parse(text)); });
      break;
    case 'o': {
      const std::string_view old_row = text.substr(0, text.find('\n'));
      const std::string_view new_row = text.substr(std::min(old_row.size() + 1, text.size()));
      std::string whole(old_row.size() + new_row.size(), '\0');
      Require(WholeOldRow(old_row, new_row, whole.data()) <= whole.size());
      break;
    }
    case 'b': {
      const std::string readable = ReadableText(text, 100, false);
      Require(readable.size() <= 100 && language::FindInvalidUtf8(readable) == std::string::npos);
      break;
    }
    case 'm':
      MayThrow([&] { apply::UnpackJob(text); });
      MayThrow([&] { apply::UnpackResult(text); });
      break;
    case 'k':
      MayThrow([&] { kit::Call(text, "key").Text("a.b"); });
      break;
    default:
      break;
  }
}

}  // namespace threefactor::fuzz
