#include "execute/prepared.hpp"

namespace threefactor::execute {

const std::string* PreparedStatements::Find(std::string_view text) {
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return &found->second->name;
}

const std::string& PreparedStatements::Add(const std::string& text, std::optional<std::string>& evicted) {
  if (by_use_.size() >= limit_) {
    evicted = by_use_.back().name;
    by_text_.erase(by_use_.back().text);
    by_use_.pop_back();
  }
  by_use_.push_front({text, "t" + std::to_string(next_name_++)});
  by_text_.emplace(by_use_.front().text, by_use_.begin());
  return by_use_.front().name;
}

void PreparedStatements::Forget(std::string_view text) {
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return;
  const auto entry = found->second;
  by_text_.erase(found);
  by_use_.erase(entry);
}

void PreparedStatements::Clear() {
  by_text_.clear();
  by_use_.clear();
}

}  // namespace threefactor::execute
