#include "json.hpp"

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "error.hpp"

namespace threefactor {

namespace {

// Numbers are read here: by default RapidJSON's doubles are up to three units off in their last place, and by its
// kParseFullPrecisionFlag 0e40 is -2.4e229.
class Builder : public rapidjson::Document {
 public:
  bool RawNumber(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    const char* const end = text + length;
    const auto reads = [text, end](auto& number) {
      const auto [rest, error] = std::from_chars(text, end, number);
      return rest == end && error == std::errc();
    };
    if (std::int64_t number = 0; reads(number)) return Int64(number);
    if (std::uint64_t number = 0; reads(number)) return Uint64(number);
    double number = 0;
    if (!reads(number)) number = std::strtod(std::string(text, end).c_str(), nullptr);  // too large, or next to 0
    is_too_large_ = std::isinf(number);
    return !is_too_large_ && Double(number);
  }

  rapidjson::ParseErrorCode CodeOf(rapidjson::ParseResult result) const {
    return is_too_large_ ? rapidjson::kParseErrorNumberTooBig : result.Code();
  }

 private:
  bool is_too_large_ = false;
};

constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

}  // namespace

rapidjson::Document ParseJson(std::string_view text, std::string_view what) {
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> characters(bytes);
  Builder builder;
  rapidjson::ParseResult result;
  const auto read = [&](rapidjson::Document&) {
    rapidjson::Reader reader;
    result = reader.Parse<kParseFlags>(characters, builder);
    return !result.IsError();
  };
  builder.Populate(read);
  if (result.IsError())
    throw Error(code::kInvalidJson, fmt::format("{} is not valid JSON: {} At byte {}.", what,
                                                rapidjson::GetParseError_En(builder.CodeOf(result)), result.Offset()));
  return builder;
}

}  // namespace threefactor
