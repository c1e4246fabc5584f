// YAML as the JSON that it stands for.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json_builder.hpp"

namespace threefactor::commands {

// Gives the value that stands in the place of `!include PATH`, or of a text "!include PATH".
using Include = std::function<Json(std::string_view path)>;

// The one document of a text in YAML 1.2 (core schema): what is not null, a boolean or a number as JSON writes them is
// text. Values are made in `builder`. Throws Error(kParseFailed) with the line, for aliases and repeated keys too.
Json ParseYaml(std::string_view text, JsonBuilder& builder, const Include& include);

}  // namespace threefactor::commands
