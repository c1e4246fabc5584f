// Makes a JsonDocument from the inside out: texts are copied into it, values of other documents are borrowed, so those
// documents must outlive it. Not thread-safe.
#pragma once

#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>

#include "base/json.hpp"

namespace threefactor {

class JsonBuilder {
 public:
  // `bytes`: about how many the document will take; it grows as needed.
  explicit JsonBuilder(std::size_t bytes) {
    document_.memory_ = std::make_unique<std::pmr::monotonic_buffer_resource>(bytes);
  }

  static Json Boolean(bool value) { return {Json::Kind::kBoolean, value ? "true" : "false", value ? 4U : 5U}; }
  // Requires: a number as JSON writes it (RFC 8259, section 6).
  Json Number(std::string_view text) { return {Json::Kind::kNumber, Copy(text.data(), text.size()), text.size()}; }
  // Requires: valid UTF-8.
  Json String(std::string_view text) { return {Json::Kind::kString, Copy(text.data(), text.size()), text.size()}; }
  Json Array(std::span<const Json> items) {
    return {Json::Kind::kArray, Copy(items.data(), items.size()), items.size()};
  }
  // Each name, which is a string, and then its value.
  Json Object(std::span<const Json> names_and_values) {
    static_assert(sizeof(Json::Member) == 2 * sizeof(Json), "a member is a name and a value, one after the other");
    return {Json::Kind::kObject, Copy(names_and_values.data(), names_and_values.size()), names_and_values.size() / 2};
  }

  // Called once, last.
  JsonDocument Take(const Json& root) {
    document_.root_ = root;
    return std::move(document_);
  }

 private:
  template <typename Element>
  const void* Copy(const Element* data, std::size_t count) {
    if (count == 0) return nullptr;
    document_.size_ += count * sizeof(Element);
    void* copy = document_.memory_->allocate(count * sizeof(Element), alignof(Element));
    return std::memcpy(copy, data, count * sizeof(Element));
  }

  JsonDocument document_;
};

}  // namespace threefactor
