// A value of a scalar type -> the text of a parameter (gateway/dialect/types.md).
#pragma once

#include <string>
#include <string_view>

#include "validation/input.hpp"

namespace threefactor::validation {

// What a place of a scalar type takes besides the type's own values.
enum class Form {
  kStrict,
  kColumnValue,  // any string, which Postgres reads as text (column_value.hpp)
  kLimit,        // only numbers from zero up to 32 bits
  kOffset,       // only numbers of 64 bits, or a string of one
};

// Requires an input that is neither null nor a variable, and a type other than json and jsonb (json_text.hpp).
// Throws Error at `path`.
std::string CoerceScalar(std::string_view scalar, const Input& input, Form form, const std::string& path);

// "expected {expected} for type "{type}", but found {what the input is}". Throws Error at `path`.
[[noreturn]] void ThrowTypeMismatch(std::string_view expected, std::string_view type, const Input& input,
                                    const std::string& path);
[[noreturn]] void ThrowUnexpectedNull(std::string_view type, const std::string& path);

}  // namespace threefactor::validation
