// Numbers as decimal text, exact at any length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace threefactor::validation {

// Requires the text of a GraphQL or JSON number. 1e3 and 5.0 are integers; nullopt: it is none, or not within 64 bits.
std::optional<std::int64_t> IntegerFromDecimal(std::string_view number);

// Whether both are the same number, however it is written: 1, 1.0 and 10e-1.
bool SameNumber(std::string_view a, std::string_view b);

// Without an exponent, which money does not read. nullopt: its zeros would be more than a thousand.
std::optional<std::string> PlainNotation(std::string_view number);

// As the dialect prints numbers in its messages: 2147483648 is "2.147483648e9", 1.5 is "1.5", 12 is "12.0".
std::string ScientificNotation(std::string_view number);

}  // namespace threefactor::validation
