// Paths into the claims of a token, as the configuration has them: the part of JSONPath that names one value.
//   $  $.sub  $.user.roles[0]  $['https://example.com/claims'].role
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"

namespace threefactor::auth {

class ClaimPath {
 public:
  // Throws Error(kInvalidConfiguration) saying what is wrong.
  explicit ClaimPath(std::string_view text);

  // Null: there is no such value. An element of a list is named by its number.
  const Json* Find(const Json& claims) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::variant<std::string, std::size_t>> steps_;
};

}  // namespace threefactor::auth
