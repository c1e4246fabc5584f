#include "validation/decimal.hpp"

#include <algorithm>
#include <charconv>

namespace threefactor::validation {

namespace {

// The number 0.DIGITS * 10^exponent; digits without zeros at either end, empty for zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

constexpr std::int64_t kLargestExponent = 1'000'000'000;

Decimal ParseDecimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty() && text.front() == '-') {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, mark);
  if (mark < text.size()) {
    std::string_view exponent = text.substr(mark + 1);
    if (!exponent.empty() && exponent.front() == '+') exponent.remove_prefix(1);
    const auto result = std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
    const bool negative = !exponent.empty() && exponent.front() == '-';
    if (result.ec != std::errc()) decimal.exponent = negative ? -kLargestExponent : kLargestExponent;
    decimal.exponent = std::clamp(decimal.exponent, -kLargestExponent, kLargestExponent);
  }
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  decimal.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) decimal.digits.append(mantissa.substr(point + 1));
  decimal.exponent += static_cast<std::int64_t>(point);

  const std::size_t first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, first);
  decimal.exponent -= static_cast<std::int64_t>(first);
  decimal.digits.resize(decimal.digits.find_last_not_of('0') + 1);  // npos + 1 is 0
  if (decimal.digits.empty()) decimal.exponent = 0;
  return decimal;
}

}  // namespace

std::optional<std::int64_t> IntegerFromDecimal(std::string_view number) {
  const Decimal decimal = ParseDecimal(number);
  if (decimal.digits.empty()) return 0;
  constexpr std::int64_t kMostDigits = 19;
  const auto digit_count = static_cast<std::int64_t>(decimal.digits.size());
  if (decimal.exponent < digit_count || decimal.exponent > kMostDigits) return std::nullopt;
  std::string text = decimal.negative ? "-" : "";
  text.append(decimal.digits).append(static_cast<std::size_t>(decimal.exponent - digit_count), '0');
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

bool SameNumber(std::string_view a, std::string_view b) {
  const Decimal left = ParseDecimal(a);
  const Decimal right = ParseDecimal(b);
  const bool is_zero = left.digits.empty();  // -0 is 0
  return left.digits == right.digits && left.exponent == right.exponent && (is_zero || left.negative == right.negative);
}

std::optional<std::string> PlainNotation(std::string_view number) {
  if (number.find_first_of("eE") == std::string_view::npos) return std::string(number);
  constexpr std::int64_t kMostZeros = 1000;
  const Decimal decimal = ParseDecimal(number);
  if (decimal.digits.empty()) return "0";
  const auto digit_count = static_cast<std::int64_t>(decimal.digits.size());
  if (decimal.exponent < -kMostZeros || decimal.exponent - digit_count > kMostZeros) return std::nullopt;
  const std::string sign = decimal.negative ? "-" : "";
  if (decimal.exponent <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-decimal.exponent), '0') + decimal.digits;
  if (decimal.exponent >= digit_count)
    return sign + decimal.digits + std::string(static_cast<std::size_t>(decimal.exponent - digit_count), '0');
  const auto point = static_cast<std::size_t>(decimal.exponent);
  return sign + decimal.digits.substr(0, point) + "." + decimal.digits.substr(point);
}

std::string ScientificNotation(std::string_view number) {
  const Decimal decimal = ParseDecimal(number);
  if (decimal.digits.empty()) return "0.0";
  const std::string sign = decimal.negative ? "-" : "";
  const std::string& digits = decimal.digits;
  const auto digit_count = static_cast<std::int64_t>(digits.size());
  // From 0.1 up to ten million in plain notation.
  if (decimal.exponent == 0) return sign + "0." + digits;
  if (decimal.exponent > 0 && decimal.exponent <= 7) {
    if (decimal.exponent >= digit_count) {
      return sign + digits + std::string(static_cast<std::size_t>(decimal.exponent - digit_count), '0') + ".0";
    }
    const auto point = static_cast<std::size_t>(decimal.exponent);
    return sign + digits.substr(0, point) + "." + digits.substr(point);
  }
  const std::string fraction = digits.size() > 1 ? digits.substr(1) : "0";
  return sign + digits.substr(0, 1) + "." + fraction + "e" + std::to_string(decimal.exponent - 1);
}

}  // namespace threefactor::validation
