#include "validation/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "error.hpp"
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
std::string CheckText(std::string text, const std::string& path) {
  if (text.find('\0') != std::string::npos) {
    throw Error(code::kValidationFailed, "a string may not contain the character U+0000", path);
  }
  return text;
}

std::string CoerceInteger(const IntegerType& type, const Input& input, const std::string& path) {
  if (input.kind() != Kind::kInt && input.kind() != Kind::kFloat) {
    ThrowTypeMismatch(type.expected, type.scalar, input, path);
  }
  const std::string text = input.Text();
  const std::optional<std::int64_t> number = IntegerFromDecimal(text);
  if (!number || *number < type.smallest || *number > type.largest) {
    throw Error(code::kParseFailed,
                fmt::format("The value {} lies outside the bounds or is not an integer. Maybe it is a float, or is "
                            "there integer overflow?",
                            ScientificNotation(text)),
                path);
  }
  return std::to_string(*number);
}

// Digits alone, of a number from zero to `largest`.
bool IsUpTo(std::string_view text, std::int64_t largest) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 && number <= largest;
}

std::string CoerceLimit(const Input& input, const std::string& path) {
  if (input.kind() == Kind::kInt) {
    std::string text = input.Text();
    if (IsUpTo(text, std::numeric_limits<std::int32_t>::max())) return text;
  }
  ThrowTypeMismatch("a non-negative 32-bit integer", "Int", input, path);
}

std::string CoerceOffset(const Input& input, const std::string& path) {
  if (input.kind() == Kind::kInt || input.kind() == Kind::kString) {
    std::string text = input.Text();
    if (IsUpTo(text, std::numeric_limits<std::int64_t>::max())) return text;
  }
  ThrowTypeMismatch("a non-negative 64-bit integer", "Int", input, path);
}

}  // namespace

std::string CoerceScalar(std::string_view scalar, const Input& input, Form form, const std::string& path) {
  if (form == Form::kLimit) return CoerceLimit(input, path);
  if (form == Form::kOffset) return CoerceOffset(input, path);
  const Kind kind = input.kind();
  if (kind == Kind::kString && form == Form::kColumnValue) return CheckText(input.Text(), path);
  for (const IntegerType& type : kIntegerTypes) {
    if (type.scalar == scalar) return CoerceInteger(type, input, path);
  }
  if (std::find(kNumberTypes.begin(), kNumberTypes.end(), scalar) != kNumberTypes.end()) {
    if (kind != Kind::kInt && kind != Kind::kFloat) ThrowTypeMismatch("a float", scalar, input, path);
    return input.Text();
  }
  if (scalar == "Boolean") {
    if (kind != Kind::kBoolean) ThrowTypeMismatch("a boolean", scalar, input, path);
    return input.Text();
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
