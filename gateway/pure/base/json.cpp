#include "base/json.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <vector>

#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/json_builder.hpp"
#include "base/json_writer.hpp"

namespace threefactor {

namespace {

// The text as RapidJSON's reader sees it: with 0 in the place of every number. Also where it hands over the text of
// numbers it makes doubles of them, and refuses those that none holds.
class Characters {
 public:
  using Ch = char;

  explicit Characters(std::string_view text) : text_(text) {}

  char Peek() {
    if (AtEnd()) return '\0';
    const char c = text_[at_];
    if (in_string_ || !BeginsNumber(c)) return c;
    if (number_end_ <= at_) number_end_ = EndOfNumber();
    return number_end_ == at_ ? kNoJson : '0';
  }

  char Take() {
    if (AtEnd()) return '\0';
    const char c = text_[at_];
    if (in_string_) {
      ++at_;
      if (escapes_) {
        escapes_ = false;
      } else if (c == '\\') {
        escapes_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
      return c;
    }
    if (BeginsNumber(c)) return TakeNumber();
    ++at_;
    in_string_ = c == '"';
    return c;
  }

  std::size_t Tell() const { return at_; }
  bool AtEnd() const { return at_ >= text_.size(); }
  // The last one that was taken.
  std::string_view number() const { return number_; }

  // Of streams that are written to.
  static char* PutBegin() { return nullptr; }
  static void Put(char) {}
  static void Flush() {}
  static std::size_t PutEnd(char*) { return 0; }

 private:
  static constexpr char kNoJson = '?';

  char TakeNumber() {
    const char shown = Peek();
    number_ = text_.substr(at_, number_end_ - at_);
    at_ = std::max(number_end_, at_ + 1);
    return shown;
  }

  static bool BeginsNumber(char c) { return c == '-' || IsDigit(c); }
  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::size_t SkipDigits(std::size_t at) const {
    while (IsDigit(At(at))) ++at;
    return at;
  }

  // RFC 8259, section 6. Where a number begins and there is none, or what follows cannot follow one: where it begins.
  std::size_t EndOfNumber() const {
    std::size_t at = at_ + (At(at_) == '-' ? 1 : 0);
    if (!IsDigit(At(at))) return at_;
    at = At(at) == '0' ? at + 1 : SkipDigits(at);
    if (At(at) == '.') {
      if (!IsDigit(At(at + 1))) return at_;
      at = SkipDigits(at + 1);
    }
    if (At(at) == 'e' || At(at) == 'E') {
      const std::size_t digits = at + (At(at + 1) == '-' || At(at + 1) == '+' ? 2 : 1);
      if (!IsDigit(At(digits))) return at_;
      at = SkipDigits(digits);
    }
    const char next = At(at);
    return IsDigit(next) || next == '.' || next == '-' || next == '+' ? at_ : at;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t number_end_ = 0;  // of the one that begins at at_, if it lies after that
  std::string_view number_;
  bool in_string_ = false;
  bool escapes_ = false;
};

// RapidJSON's events -> values. Values whose container is not complete yet wait in `open_`, an object's names and
// values in turn.
class Events {
 public:
  Events(const Characters& characters, std::size_t text_size) : characters_(characters), builder_(2 * text_size + 256) {
    open_.reserve(32);
  }

  bool Null() { return Add(Json()); }
  bool Bool(bool value) { return Add(JsonBuilder::Boolean(value)); }
  bool Uint(unsigned /*zero*/) { return Add(builder_.Number(characters_.number())); }
  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    return Add(builder_.String({text, length}));
  }
  bool Key(const char* text, rapidjson::SizeType length, bool copy) { return String(text, length, copy); }
  bool StartArray() { return Start(); }
  bool StartObject() { return Start(); }
  bool EndArray(rapidjson::SizeType count) { return End(count, &JsonBuilder::Array); }
  bool EndObject(rapidjson::SizeType count) { return End(2 * std::size_t{count}, &JsonBuilder::Object); }
  // Never called.
  static bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  static bool Int(int) { return false; }
  static bool Int64(std::int64_t) { return false; }
  static bool Uint64(std::uint64_t) { return false; }
  static bool Double(double) { return false; }

  bool is_too_deep() const { return depth_ > kDeepestJson; }

  JsonDocument Take() { return builder_.Take(open_.back()); }

 private:
  bool Add(const Json& value) {
    open_.push_back(value);
    return true;
  }

  bool Start() { return ++depth_ <= kDeepestJson; }

  bool End(std::size_t values, Json (JsonBuilder::*close)(std::span<const Json>)) {
    --depth_;
    const Json container = (builder_.*close)(std::span(open_).last(values));
    open_.resize(open_.size() - values);
    return Add(container);
  }

  const Characters& characters_;
  JsonBuilder builder_;
  std::vector<Json> open_;
  int depth_ = 0;
};

constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Describe(const rapidjson::ParseResult& result) {
  // RapidJSON takes a NUL for the end.
  return rapidjson::GetParseError_En(result.IsError() ? result.Code() : rapidjson::kParseErrorDocumentRootNotSingular);
}

}  // namespace

std::string_view Json::Text() const {
  if (kind_ == Kind::kArray || kind_ == Kind::kObject || size_ == 0) return "";
  return {static_cast<const char*>(data_), size_};
}

std::span<const Json> Json::Items() const {
  if (kind_ != Kind::kArray) return {};
  return {static_cast<const Json*>(data_), size_};
}

std::span<const Json::Member> Json::Members() const {
  if (kind_ != Kind::kObject) return {};
  return {static_cast<const Member*>(data_), size_};
}

const Json* Json::Find(std::string_view name) const {
  for (const Member& member : Members())
    if (member.name.Text() == name) return &member.value;
  return nullptr;
}

const Json* Json::RepeatedName() const {
  std::vector<const Json*> names;
  for (const Member& member : Members()) names.push_back(&member.name);
  std::sort(names.begin(), names.end(), [](const Json* a, const Json* b) { return a->Text() < b->Text(); });
  const auto found = std::adjacent_find(names.begin(), names.end(),
                                        [](const Json* a, const Json* b) { return a->Text() == b->Text(); });
  return found == names.end() ? nullptr : *found;
}

JsonDocument ParseJson(std::string_view text, std::string_view what) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Characters characters(text);
  Events events(characters, text.size());
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kParseFlags>(characters, events);
  if (!result.IsError() && characters.AtEnd()) return events.Take();
  const std::string what_is_wrong =
      events.is_too_deep() ? fmt::format("It is nested deeper than {} levels.", kDeepestJson) : Describe(result);
  throw Error(code::kInvalidJson,
              fmt::format("{} is not valid JSON: {} At byte {}.", what, what_is_wrong, characters.Tell()));
}

void RefuseRepeated(const Json& object, std::string_view what) {
  if (const Json* name = object.RepeatedName())
    throw Error(code::kBadRequest, fmt::format("{} has the key \"{}\" twice", what, name->Text()));
}

std::string WriteJson(const Json& value) {
  JsonWriter writer;
  writer.Value(value);
  return writer.Take();
}

}  // namespace threefactor
