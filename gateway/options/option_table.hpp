// The table of options: one row an option. Parsing, validation, --help and the reference page all follow from it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "options/options.hpp"

namespace threefactor {

// What the options are read into: Options, and values of another shape, which are converted into members of Options
// once all are known.
struct RawOptions {
  Options options;
  std::string listen = "127.0.0.1:8080";
  std::string hasura_host;        // empty: not given
  int hasura_port = 0;            // 0: not given
  int hasura_drain_seconds = -1;  // -1: not given
  std::string admin_secrets;      // a list in JSON; empty: not given
  std::string jwt_secret;         // JSON, as the next; empty: not given
  std::string jwt_secrets;
  std::string auth_hook;  // a URL; empty: not given
  std::string auth_hook_mode = "GET";
  bool auth_hook_sends_request = true;
};

struct OptionRow {
  enum class Unit { kNone, kMilliseconds, kSeconds, kBytes, kCharacters };
  // Of a number, in the unit of the option; both ends are allowed.
  struct Range {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
  };
  using Target = std::variant<std::string*, int*, std::size_t*, bool*, std::optional<bool>*, std::vector<std::string>*,
                              Options::Debug*>;

  std::string_view flag;
  std::string_view variable = "";  // of the environment; wins over `hasuras`; empty: only Hasura has one
  std::string_view hasuras = "";   // Hasura's variable of the same meaning; empty: none
  Unit unit = Unit::kNone;
  std::optional<Range> range = std::nullopt;       // of numbers
  std::span<const std::string_view> choices = {};  // the only values; case does not count
  std::string_view otherwise = "";                 // what holds by default, where the default value does not say it
  std::string_view text;                           // a sentence without its full stop
  Target (*target)(RawOptions& raw);
  bool is_switch = false;  // given without a value
  bool protects = false;   // empty is a mistake, not the absence of protection
  bool is_hidden = false;  // left out of --help: serves a variable alone
};

std::span<const OptionRow> OptionTable();

// "from 1 to 10000", "at least 0", "one of debug, info, warn, error", or empty.
std::string RangeText(const OptionRow& row);
// "8", "16MB", "none"; as the option would be given.
std::string DefaultText(const OptionRow& row);
// What stands for the value in --help: NUMBER, MILLISECONDS, SIZE, TEXT ...; empty for a switch.
std::string_view ValueWord(const OptionRow& row);

}  // namespace threefactor
