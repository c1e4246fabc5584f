#include "validation/column_value.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace threefactor::validation {

namespace {

using Kind = Input::Kind;

// What a scalar reads, and the beginning of what is said of anything else. The wording is that of the JSON reader of
// the dialect's own engine, in whose terms the value is described too.
struct Reader {
  std::string_view scalar;
  std::string_view wanted;  // empty: the message says it all
  std::string_view message;
};

constexpr std::string_view kNumber = "Number";
constexpr std::string_view kString = "String";
constexpr std::string_view kLabels =
    "Expecting label path: a sequence of zero or more labels separated by dots, for example L1.L2.L3";

constexpr std::array kReaders = std::to_array<Reader>({
    {"Int", kNumber, "parsing Integer expected for input type: PGInteger failed, "},
    {"smallint", kNumber, "parsing Integer expected for input type: PGSmallInt failed, "},
    {"bigint", kNumber, "parsing Integer expected for input type: PGBigInt failed, "},
    {"Float", kNumber, "parsing Float expected for input type: PGFloat failed, "},
    {"float8", kNumber, "parsing Float expected for input type: PGDouble failed, "},
    {"numeric", kNumber, "parsing Scientific failed, "},
    {"money", kNumber, "parsing Scientific failed, "},
    {"Boolean", "Bool", ""},
    {"String", kString, "parsing Text failed, "},
    {"citext", kString, "parsing Text failed, "},
    {"lquery", kString, "parsing Text failed, "},
    {"ltxtquery", kString, "parsing Text failed, "},
    {"bpchar", kString, "parsing Char failed, "},
    {"date", kString, "parsing Day failed, "},
    {"timestamp", kString, "parsing LocalTime failed, "},
    {"timestamptz", kString, "parsing UTCTime failed, "},
    {"timetz", "", "Expecting a string for timetz"},
    {"uuid", kString, "parsing UUID failed, "},
    {"ltree", "", kLabels},
    {"raster", "", "expecting String for raster"},
});

std::string_view JsonName(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return "Boolean";
    case Kind::kInt:
    case Kind::kFloat:
      return kNumber;
    case Kind::kList:
      return "Array";
    case Kind::kObject:
      return "Object";
    case Kind::kNull:
      return "Null";
    case Kind::kString:
    case Kind::kEnum:
    case Kind::kVariable:
      break;
  }
  return kString;
}

bool IsHexadecimal(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool HasEmptyLabel(std::string_view path) {
  return path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string_view::npos;
}

}  // namespace

void CheckColumnValue(std::string_view scalar, const Input& input, const std::string& path) {
  const std::string_view found = JsonName(input.kind());
  if (found == kString) {
    if (scalar == "ltree" && HasEmptyLabel(input.Text())) throw Error(code::kParseFailed, std::string(kLabels), path);
    if (scalar == "raster" && !IsHexadecimal(input.Text())) {
      throw Error(code::kParseFailed, "invalid hexadecimal representation of raster well known binary format", path);
    }
    return;
  }
  const auto* reader =
      std::find_if(kReaders.begin(), kReaders.end(), [&](const Reader& r) { return r.scalar == scalar; });
  if (reader == kReaders.end()) {
    throw Error(code::kParseFailed, "A string is expected for type: " + std::string(scalar), path);
  }
  if (reader->wanted.substr(0, 4) == found.substr(0, 4)) return;  // "Bool" reads a "Boolean"
  std::string message(reader->message);
  if (!reader->wanted.empty())
    message.append("expected ").append(reader->wanted).append(", but encountered ").append(found);
  throw Error(code::kParseFailed, std::move(message), path);
}

}  // namespace threefactor::validation
