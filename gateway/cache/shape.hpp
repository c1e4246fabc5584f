// The shape of a request's variables: which values in their JSON may be others without another operation coming of it.
// A value may when every use of it became a parameter of the SQL; all else (what @include reads, an order, which
// columns an object names, what is null) makes the operation what it is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace threefactor::cache {

class Shape {
 public:
  // `variables`: null, or the object that was sent. `is_free` tells of one of its values whether it may be another.
  // Copies what it needs.
  Shape(const Json* variables, const std::function<bool(const Json&)>& is_free);

  // Whether the variables have this shape. If so, `free` gets the free values, borrowed, in an order of the shape's
  // own.
  bool Matches(const Json* variables, std::vector<const Json*>& free) const;

  std::size_t Size() const { return nodes_.size() * sizeof(Node) + texts_.size(); }

 private:
  struct Node {
    bool is_free;
    Json::Kind kind;
    std::uint32_t size;  // of a fixed value: characters of its text, or how many it holds
  };
  struct Position {
    std::size_t node = 0;
    std::size_t text = 0;
  };

  void Add(const Json& value, const std::function<bool(const Json&)>& is_free);
  void AddFixed(Json::Kind kind, std::size_t size, std::string_view text);
  bool Match(const Json& value, Position& at, std::vector<const Json*>& free) const;
  bool MatchText(std::string_view text, Position& at) const;

  std::vector<Node> nodes_;  // in preorder: an object's names and values in turn, nothing below a free value
  std::string texts_;        // of the fixed ones, one after the other
};

}  // namespace threefactor::cache
