// The shape of a request's variables: which values in their JSON may be others without another operation coming of it.
// A value may when every use of it became a parameter of the SQL; all else (what @include reads, an order, which
// columns an object names, what is null) makes the operation what it is.
#pragma once

#include <rapidjson/document.h>

#include <functional>
#include <vector>

namespace threefactor::cache {

class Shape {
 public:
  // `variables`: null, or the object that was sent. `is_free` tells of one of its values whether it may be another.
  // Copies what it needs.
  Shape(const rapidjson::Value* variables, const std::function<bool(const rapidjson::Value&)>& is_free);
  Shape(const Shape&) = delete;
  Shape& operator=(const Shape&) = delete;

  // Whether the variables have this shape. If so, `free` gets the free values, borrowed, in an order of the shape's
  // own.
  bool Matches(const rapidjson::Value* variables, std::vector<const rapidjson::Value*>& free) const;

  std::size_t Size() const { return nodes_.size() * sizeof(Node) + sample_.GetAllocator().Size(); }

 private:
  enum class Node : unsigned char { kFixed, kFree };

  void Copy(const rapidjson::Value& value, rapidjson::Value& copy,
            const std::function<bool(const rapidjson::Value&)>& is_free);
  bool Match(const rapidjson::Value& sample, const rapidjson::Value& value, std::size_t& node,
             std::vector<const rapidjson::Value*>& free) const;

  mutable rapidjson::Document sample_;  // free values are null in it; mutable: its allocator() is not const
  std::vector<Node> nodes_;             // in preorder, nothing below a free one
};

}  // namespace threefactor::cache
