#include "json.hpp"

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "error.hpp"

namespace threefactor {

// RapidJSON's events -> values in the document's memory. Values whose container is not complete yet wait in `open_`, an
// object's names and values in turn.
class JsonBuilder {
 public:
  explicit JsonBuilder(std::size_t text_size) {
    document_.memory_ = std::make_unique<std::pmr::monotonic_buffer_resource>(std::max<std::size_t>(text_size, 256));
  }

  bool Null() { return Add(Json()); }
  bool Bool(bool value) { return Add(Literal(value ? "true" : "false")); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    return Add(Json(Json::Kind::kNumber, Copy(text, length), length));
  }
  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    return Add(Json(Json::Kind::kString, Copy(text, length), length));
  }
  bool Key(const char* text, rapidjson::SizeType length, bool copy) { return String(text, length, copy); }
  bool StartArray() { return Start(); }
  bool StartObject() { return Start(); }
  bool EndArray(rapidjson::SizeType count) { return End(Json::Kind::kArray, count, count); }
  bool EndObject(rapidjson::SizeType count) { return End(Json::Kind::kObject, count, 2 * std::size_t{count}); }
  // Numbers come as RawNumber.
  static bool Int(int) { return false; }
  static bool Uint(unsigned) { return false; }
  static bool Int64(std::int64_t) { return false; }
  static bool Uint64(std::uint64_t) { return false; }
  static bool Double(double) { return false; }

  bool is_too_deep() const { return depth_ > kDeepestJson; }

  JsonDocument Take() {
    document_.root_ = open_.back();
    return std::move(document_);
  }

 private:
  static Json Literal(std::string_view text) { return {Json::Kind::kBoolean, text.data(), text.size()}; }

  template <typename Element>
  const void* Copy(const Element* data, std::size_t count) {
    if (count == 0) return nullptr;
    document_.size_ += count * sizeof(Element);
    void* copy = document_.memory_->allocate(count * sizeof(Element), alignof(Element));
    return std::memcpy(copy, data, count * sizeof(Element));
  }

  bool Add(const Json& value) {
    open_.push_back(value);
    return true;
  }

  bool Start() { return ++depth_ <= kDeepestJson; }

  bool End(Json::Kind kind, std::size_t count, std::size_t values) {
    --depth_;
    const Json* const first = open_.data() + open_.size() - values;
    const Json container(kind, Copy(first, values), count);
    open_.resize(open_.size() - values);
    return Add(container);
  }

  JsonDocument document_;
  std::vector<Json> open_;
  int depth_ = 0;
};

static_assert(sizeof(Json::Member) == 2 * sizeof(Json), "a member is a name and a value, one after the other");

namespace {

// Numbers as strings: as doubles they would be other numbers.
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Write(const Json& value, Writer& writer) {
  const std::string_view text = value.Text();
  switch (value.kind()) {
    case Json::Kind::kNull:
      writer.Null();
      break;
    case Json::Kind::kBoolean:
    case Json::Kind::kNumber:
      writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
      break;
    case Json::Kind::kString:
      writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
      break;
    case Json::Kind::kArray:
      writer.StartArray();
      for (const Json& item : value.Items()) Write(item, writer);
      writer.EndArray();
      break;
    case Json::Kind::kObject:
      writer.StartObject();
      for (const auto& [name, inner] : value.Members()) {
        Write(name, writer);
        Write(inner, writer);
      }
      writer.EndObject();
      break;
  }
}

}  // namespace

std::string_view Json::Text() const {
  if (kind_ == Kind::kArray || kind_ == Kind::kObject || size_ == 0) return {"", 0};
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
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> characters(bytes);
  JsonBuilder builder(text.size());
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kParseFlags>(characters, builder);
  if (!result.IsError()) return builder.Take();
  const std::string reason = builder.is_too_deep() ? fmt::format("It is nested deeper than {} levels.", kDeepestJson)
                                                   : std::string(rapidjson::GetParseError_En(result.Code()));
  throw Error(code::kInvalidJson, fmt::format("{} is not valid JSON: {} At byte {}.", what, reason, result.Offset()));
}

void RefuseRepeated(const Json& object, std::string_view what) {
  if (const Json* name = object.RepeatedName())
    throw Error(code::kBadRequest, fmt::format("{} has the key \"{}\" twice", what, name->Text()));
}

std::string WriteJson(const Json& value) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  Write(value, writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace threefactor
