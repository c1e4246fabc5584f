// JSON that clients send, with every number kept as the digits that were sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace threefactor {

// A value of a JsonDocument, which owns what it refers to. A default one is null.
class Json {
 public:
  enum class Kind : unsigned char { kNull, kBoolean, kNumber, kString, kArray, kObject };
  struct Member;

  Json() = default;

  Kind kind() const { return kind_; }
  bool IsNull() const { return kind_ == Kind::kNull; }
  bool IsBool() const { return kind_ == Kind::kBoolean; }
  bool IsNumber() const { return kind_ == Kind::kNumber; }
  bool IsString() const { return kind_ == Kind::kString; }
  bool IsArray() const { return kind_ == Kind::kArray; }
  bool IsObject() const { return kind_ == Kind::kObject; }

  // kBoolean: true or false. kNumber: its text as it was sent. kString: what it says. Else empty.
  std::string_view Text() const;
  bool IsTrue() const { return IsBool() && Text() == "true"; }
  // Of kArray, else empty.
  std::span<const Json> Items() const;
  // Of kObject, in the order sent, a name that was given twice twice. Else empty.
  std::span<const Member> Members() const;
  // The first member of this name; null: there is none.
  const Json* Find(std::string_view name) const;
  // A name that more than one member has; null: there is none. An object that is read by its keys must not have one:
  // which of the two counts would depend on the reader.
  const Json* RepeatedName() const;

 private:
  friend class JsonBuilder;

  Json(Kind kind, const void* data, std::size_t size)
      : data_(data), size_(static_cast<std::uint32_t>(size)), kind_(kind) {}

  const void* data_ = nullptr;  // characters, values or members
  std::uint32_t size_ = 0;      // how many
  Kind kind_ = Kind::kNull;
};

struct Json::Member {
  Json name;  // a string
  Json value;
};

class JsonDocument {
 public:
  JsonDocument() = default;  // null
  const Json& root() const { return root_; }
  std::size_t size() const { return size_; }  // bytes of all values

 private:
  friend class JsonBuilder;

  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  std::size_t size_ = 0;
  Json root_;
};

// What reads a value may recurse once per level.
inline constexpr int kDeepestJson = 2000;

// Texts are valid UTF-8. `what` is parsed, for the message. Pure; safe on any thread. Throws Error(kInvalidJson), for a
// value nested deeper than kDeepestJson too.
JsonDocument ParseJson(std::string_view text, std::string_view what);

// Throws Error(kBadRequest) when two members of `object` have the same name; `what` is the object, for the message.
void RefuseRepeated(const Json& object, std::string_view what);

// As JSON text, numbers digit by digit as they were sent.
std::string WriteJson(const Json& value);

}  // namespace threefactor
