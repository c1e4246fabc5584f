// JSON that clients send, as a document.
#pragma once

#include <rapidjson/document.h>

#include <string_view>

namespace threefactor {

// Nested as deep as it likes, on a stack of fixed size; texts are valid UTF-8; integers of 64 bits are kept as they
// are, any other number is the double next to it. `what` is parsed, for the message. Pure; safe on any thread. Throws
// Error(kInvalidJson), for a number larger than any double too.
rapidjson::Document ParseJson(std::string_view text, std::string_view what);

}  // namespace threefactor
