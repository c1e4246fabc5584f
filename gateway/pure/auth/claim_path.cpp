#include "auth/claim_path.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"

namespace threefactor::auth {

namespace {

[[noreturn]] void RefusePath(std::string_view text) {
  throw Error(code::kInvalidConfiguration,
              fmt::format("\"{}\" is not a path: $, then .name, ['name'] or [number] for each level", text));
}

}  // namespace

ClaimPath::ClaimPath(std::string_view text) : text_(text) {
  std::string_view rest = text;
  if (!rest.starts_with('$')) RefusePath(text);
  rest.remove_prefix(1);
  while (!rest.empty()) {
    if (rest.front() == '.' && !rest.starts_with(".[")) {
      rest.remove_prefix(1);
      const std::string_view name = rest.substr(0, rest.find_first_of(".["));
      if (name.empty()) RefusePath(text);
      steps_.emplace_back(std::string(name));
      rest.remove_prefix(name.size());
      continue;
    }
    if (rest.front() == '.') rest.remove_prefix(1);
    if (!rest.starts_with('[')) RefusePath(text);
    rest.remove_prefix(1);
    if (!rest.empty() && (rest.front() == '\'' || rest.front() == '"')) {
      const std::string end = {rest.front(), ']'};
      const std::size_t size = rest.find(end, 1);
      if (size == std::string_view::npos) RefusePath(text);
      steps_.emplace_back(std::string(rest.substr(1, size - 1)));
      rest.remove_prefix(size + end.size());
    } else {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
      if (error != std::errc() || !rest.starts_with(']')) RefusePath(text);
      rest.remove_prefix(1);
      steps_.emplace_back(index);
    }
  }
}

const Json* ClaimPath::Find(const Json& claims) const {
  const Json* at = &claims;
  for (const auto& step : steps_) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      at = at->Find(*name);
    } else {
      const auto items = at->Items();
      const std::size_t index = std::get<std::size_t>(step);
      at = index < items.size() ? &items[index] : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace threefactor::auth
