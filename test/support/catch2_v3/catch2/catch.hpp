// Catch2 version 3 under the header and the names of version 2, in which the unit tests are written: Debian 12 has
// version 2, Debian 13 version 3. Found before the library's own headers where CMake finds version 3.
#pragma once
#include <string>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_message.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace Catch {
namespace Matchers {
// Version 3 gives this name to a matcher of containers, which catch_matchers_contains.hpp would declare.
inline StringContainsMatcher Contains(const std::string& text) {
  return ContainsSubstring(text);
}
}  // namespace Matchers
using Matchers::Contains;
}  // namespace Catch
using Catch::Approx;
