#include "validation/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "validation/column_value.hpp"
#include "validation/decimal.hpp"

namespace threefactor::validation {

namespace {

using Kind = Input::Kind;

struct IntegerType {
  std::string_view scalar;
  std::int64_t smallest;
  std::int64_t largest;
  std::string_view expected;
};

template <typename Integer>
constexpr IntegerType MakeIntegerType(std::string_view scalar, std::string_view expected) {
  return {scalar, std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max(), expected};
}

constexpr std::array kIntegerTypes = {
    MakeIntegerType<std::int32_t>("Int", "a 32-bit integer"),
    MakeIntegerType<std::int16_t>("smallint", "a 16-bit integer"),
    MakeIntegerType<std::int64_t>("bigint", "a 64-bit integer"),
};

constexpr std::array<std::string_view, 4> kNumberTypes = {"Float", "float8", "numeric", "money"};

// libpq hands parameters over as C strings, and Postgres has no text with this character.
std::string CheckText(std::string_view text, const std::string& path) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(code::kValidationFailed, "a string may not contain the character U+0000", path);
  }
  return std::string(text);
}

bool IsNumber(const Input& input) {
  return input.kind() == Kind::kInt || input.kind() == Kind::kFloat;
}

[[noreturn]] void ThrowOutsideBounds(std::string_view number, const std::string& path) {
  throw Error(code::kParseFailed,
              fmt::format("The value {} lies outside the bounds or is not an integer. Maybe it is a float, or is "
                          "there integer overflow?",
                          ScientificNotation(number)),
              path);
}

std::string IntegerText(std::string_view text, std::int64_t smallest, std::int64_t largest, const std::string& path) {
  const std::optional<std::int64_t> number = IntegerFromDecimal(text);
  if (!number || *number < smallest || *number > largest) ThrowOutsideBounds(text, path);
  return std::to_string(*number);
}

std::string CoerceInteger(const IntegerType& type, const Input& input, const std::string& path) {
  if (!IsNumber(input)) ThrowTypeMismatch(type.expected, type.scalar, input, path);
  return IntegerText(input.Text(), type.smallest, type.largest, path);
}

// A literal is one only without a fraction; a number of the variables is judged by its value.
bool IsIntegerOf(const Input& input) {
  return input.kind() == Kind::kInt || (input.IsJson() && input.kind() == Kind::kFloat);
}

std::string CoerceLimit(const Input& input, const std::string& path) {
  if (IsIntegerOf(input)) {
    const std::string_view text = input.Text();
    if (text.front() != '-') return IntegerText(text, 0, std::numeric_limits<std::int32_t>::max(), path);
  }
  ThrowTypeMismatch("a non-negative 32-bit integer", "Int", input, path);
}

// Negative ones are for Postgres to refuse.
std::string CoerceOffset(const Input& input, const std::string& path) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  if (IsIntegerOf(input)) return IntegerText(input.Text(), -kLargest - 1, kLargest, path);
  if (input.kind() == Kind::kString) {
    const std::string_view text = input.Text();
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos) {
      return IntegerText(text, 0, kLargest, path);
    }
  }
  ThrowTypeMismatch("a 32-bit integer, or a 64-bit integer represented as a string", "Int", input, path);
}

}  // namespace

std::string CoerceScalar(std::string_view scalar, const Input& input, Form form, const std::string& path) {
  if (form == Form::kLimit) return CoerceLimit(input, path);
  if (form == Form::kOffset) return CoerceOffset(input, path);
  const Kind kind = input.kind();
  if (form == Form::kColumnValue) {
    CheckColumnValue(scalar, input, path);
    if (kind == Kind::kString || kind == Kind::kEnum) return CheckText(input.Text(), path);
  }
  for (const IntegerType& type : kIntegerTypes) {
    if (type.scalar == scalar) return CoerceInteger(type, input, path);
  }
  if (std::find(kNumberTypes.begin(), kNumberTypes.end(), scalar) != kNumberTypes.end()) {
    if (!IsNumber(input)) ThrowTypeMismatch("a float", scalar, input, path);
    if (scalar != "money") return std::string(input.Text());
    std::optional<std::string> amount = PlainNotation(input.Text());
    if (!amount) ThrowOutsideBounds(input.Text(), path);
    return *std::move(amount);
  }
  if (scalar == "Boolean") {
    if (kind != Kind::kBoolean) ThrowTypeMismatch("a boolean", scalar, input, path);
    return std::string(input.Text());
  }
  if (kind != Kind::kString) ThrowTypeMismatch("a string", scalar, input, path);
  return CheckText(input.Text(), path);
}

void ThrowTypeMismatch(std::string_view expected, std::string_view type, const Input& input, const std::string& path) {
  throw Error(code::kValidationFailed,
              fmt::format("expected {} for type \"{}\", but found {}", expected, type, input.Describe()), path);
}

void ThrowUnexpectedNull(std::string_view type, const std::string& path) {
  throw Error(code::kValidationFailed, fmt::format("unexpected null value for type \"{}\"", type), path);
}

}  // namespace threefactor::validation
