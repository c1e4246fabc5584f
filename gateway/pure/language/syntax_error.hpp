// The error of a document that is not GraphQL. The message and path are those that frontends of the dialect know
// (gateway/dialect/errors.md); where and what was expected is in Error::internal.
#pragma once

#include <cstddef>
#include <string_view>

namespace threefactor::language {

// `expected` completes the sentence "expected ...". Throws Error(kValidationFailed).
[[noreturn]] void ThrowSyntaxError(std::string_view source, std::size_t offset, std::string_view expected);

// A document that is larger, longer or deeper than allowed; `message` says which limit. Throws
// Error(kValidationFailed).
[[noreturn]] void ThrowLimitExceeded(std::string_view message);

}  // namespace threefactor::language
