#include "plan/json_path.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using threefactor::plan::ParseJsonPath;
using Keys = std::vector<std::string>;

TEST_CASE("JSON paths in every spelling") {
  CHECK(ParseJsonPath("$", "$").empty());
  CHECK(ParseJsonPath("a", "$") == Keys{"a"});
  CHECK(ParseJsonPath("$.a.b", "$") == Keys{"a", "b"});
  CHECK(ParseJsonPath(".a[0]", "$") == Keys{"a", "0"});
  CHECK(ParseJsonPath("a.[0].['b']", "$") == Keys{"a", "0", "b"});
  CHECK(ParseJsonPath("[12].x", "$") == Keys{"12", "x"});
  CHECK(ParseJsonPath("$a-b[0]c_1", "$") == Keys{"a-b", "0", "c_1"});
  CHECK(ParseJsonPath("größe", "$") == Keys{"größe"});
  CHECK(ParseJsonPath("$['any key'][\"k\"]", "$") == Keys{"any key", "k"});
  CHECK(ParseJsonPath("['it\\'s']", "$") == Keys{"it's"});
}

TEST_CASE("Malformed JSON paths are errors") {
  const auto* text =
      GENERATE("", "$.", "a.", "a..b", "a[", "a[]", "a[x]", "a[-1]", "a['b", "a['b'", "$a]b['", "a b", "1a", "a:b");
  CHECK_THROWS_AS(ParseJsonPath(text, "$.path"), threefactor::Error);
}
