#include "cache/shape.hpp"

#include <algorithm>

namespace threefactor::cache {

namespace {

const Json kNoVariables;

}  // namespace

Shape::Shape(const Json* variables, const std::function<bool(const Json&)>& is_free) {
  Add(variables == nullptr ? kNoVariables : *variables, is_free);
}

void Shape::AddFixed(Json::Kind kind, std::size_t size, std::string_view text) {
  nodes_.push_back({false, kind, static_cast<std::uint32_t>(size)});
  texts_.append(text);
}

void Shape::Add(const Json& value, const std::function<bool(const Json&)>& is_free) {
  if (is_free(value)) {
    nodes_.push_back({true, value.kind(), 0});
    return;
  }
  if (value.IsObject()) {
    AddFixed(value.kind(), value.Members().size(), {});
    for (const auto& [name, inner] : value.Members()) {
      AddFixed(name.kind(), name.Text().size(), name.Text());
      Add(inner, is_free);
    }
  } else if (value.IsArray()) {
    AddFixed(value.kind(), value.Items().size(), {});
    for (const Json& item : value.Items()) Add(item, is_free);
  } else {
    AddFixed(value.kind(), value.Text().size(), value.Text());  // 1 and 1.0 are different texts
  }
}

bool Shape::Matches(const Json* variables, std::vector<const Json*>& free) const {
  Position at;
  free.clear();
  return Match(variables == nullptr ? kNoVariables : *variables, at, free);
}

bool Shape::MatchText(std::string_view text, Position& at) const {
  const Node& node = nodes_[at.node++];
  const std::string_view wanted = std::string_view(texts_).substr(at.text, node.size);
  at.text += node.size;
  return text == wanted;
}

bool Shape::Match(const Json& value, Position& at, std::vector<const Json*>& free) const {
  const Node& node = nodes_[at.node];
  if (node.is_free) {
    ++at.node;
    free.push_back(&value);
    return !value.IsNull();
  }
  if (node.kind != value.kind()) return false;
  switch (value.kind()) {
    case Json::Kind::kArray:
      ++at.node;
      return node.size == value.Items().size() && std::all_of(value.Items().begin(), value.Items().end(),
                                                              [&](const Json& item) { return Match(item, at, free); });
    case Json::Kind::kObject:
      // In the same order: that of an object's keys can be the order of rows.
      ++at.node;
      return node.size == value.Members().size() &&
             std::all_of(value.Members().begin(), value.Members().end(), [&](const Json::Member& member) {
               return MatchText(member.name.Text(), at) && Match(member.value, at, free);
             });
    default:
      return MatchText(value.Text(), at);
  }
}

}  // namespace threefactor::cache
