#include "cache/shape.hpp"

namespace threefactor::cache {

namespace {

using rapidjson::Value;

const Value kNoVariables;

bool SameNumber(const Value& a, const Value& b) {
  // An integer beyond 64 bits is a double; 1 and 1.0 are different texts.
  return a.IsDouble() == b.IsDouble() && a.IsUint64() == b.IsUint64() && a == b;
}

bool SameText(const Value& a, const Value& b) {
  return a.GetStringLength() == b.GetStringLength() && a == b;
}

}  // namespace

Shape::Shape(const Value* variables, const std::function<bool(const Value&)>& is_free) {
  Copy(variables == nullptr ? kNoVariables : *variables, sample_, is_free);
}

void Shape::Copy(const Value& value, Value& copy, const std::function<bool(const Value&)>& is_free) {
  auto& allocator = sample_.GetAllocator();
  const bool free = is_free(value);
  nodes_.push_back(free ? Node::kFree : Node::kFixed);
  if (free) return;
  if (value.IsObject()) {
    copy.SetObject();
    for (const auto& member : value.GetObject()) {
      Value child;
      Copy(member.value, child, is_free);
      copy.AddMember(Value(member.name.GetString(), member.name.GetStringLength(), allocator), child, allocator);
    }
  } else if (value.IsArray()) {
    copy.SetArray();
    for (const Value& item : value.GetArray()) {
      Value child;
      Copy(item, child, is_free);
      copy.PushBack(child, allocator);
    }
  } else if (value.IsString()) {
    copy.SetString(value.GetString(), value.GetStringLength(), allocator);
  } else {
    copy.CopyFrom(value, allocator);
  }
}

bool Shape::Matches(const Value* variables, std::vector<const Value*>& free) const {
  std::size_t node = 0;
  free.clear();
  return Match(sample_, variables == nullptr ? kNoVariables : *variables, node, free);
}

bool Shape::Match(const Value& sample, const Value& value, std::size_t& node, std::vector<const Value*>& free) const {
  if (nodes_[node++] == Node::kFree) {
    free.push_back(&value);
    return !value.IsNull();
  }
  if (sample.GetType() != value.GetType()) return false;
  switch (sample.GetType()) {
    case rapidjson::kNumberType:
      return SameNumber(sample, value);
    case rapidjson::kStringType:
      return SameText(sample, value);
    case rapidjson::kArrayType:
      if (sample.Size() != value.Size()) return false;
      for (rapidjson::SizeType i = 0; i < sample.Size(); ++i)
        if (!Match(sample[i], value[i], node, free)) return false;
      return true;
    case rapidjson::kObjectType:
      // In the same order: that of an object's keys can be the order of rows.
      if (sample.MemberCount() != value.MemberCount()) return false;
      for (auto a = sample.MemberBegin(), b = value.MemberBegin(); a != sample.MemberEnd(); ++a, ++b)
        if (!SameText(a->name, b->name) || !Match(a->value, b->value, node, free)) return false;
      return true;
    default:
      return true;  // null, true and false are types
  }
}

}  // namespace threefactor::cache
