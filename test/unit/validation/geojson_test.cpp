#include "validation/geojson.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using threefactor::Error;
using threefactor::validation::ReadGeoJson;

TEST_CASE("Geometries of every kind pass") {
  const auto* text = GENERATE(
      R"({"type":"Point","coordinates":[1,2,3],"crs":{"type":"name","properties":{"name":"EPSG:4326"}}})",
      R"({"type":"MultiPoint","coordinates":[[1,2],[3,4.5]]})", R"({"type":"LineString","coordinates":[[1,2],[3,4]]})",
      R"({"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]})",
      R"({"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0.0]]]})",
      R"({"type":"MultiPolygon","coordinates":[[[[0,0],[0,1],[1,1],[0,0]]]]})",
      R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]})");
  CHECK_NOTHROW(ReadGeoJson(text, "$"));
}

TEST_CASE("Coordinates are those of the world unless a reference system is named") {
  const std::string named =
      R"({"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}})";
  CHECK(ReadGeoJson(named, "$") == named);
  CHECK(ReadGeoJson(R"({"type":"Point","coordinates":[1,2]})", "$") ==
        R"({"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"Point","coordinates":[1,2]})");
}

TEST_CASE("What is no geometry is refused, and says why") {
  const auto [text, message] = GENERATE(table<const char*, const char*>({
      {R"({"type":"Random","coordinates":[1,2]})", "unexpected geometry type: Random"},
      {R"({"type":"Point","coordinates":[1]})", "A Position needs at least 2 elements"},
      {R"({"type":"Point","coordinates":["1","2"]})", "a Position is a list of numbers"},
      {R"({"type":"LineString","coordinates":[[1,2]]})", "A LineString needs at least 2 Positions"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[0,1],[0,0]]]})", "A LinearRing needs at least 4 Positions"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[2,2]]]})",
       "the first and last locations have to be equal for a LinearRing"},
      {R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[]}]})",
       "A Position needs at least 2 elements"},
      {R"({"coordinates":[1,2]})", "key \"type\" not found"},
      {R"-("POINT(1 2)")-", "expected an object for a geometry"},
  }));
  CHECK_THROWS_WITH(ReadGeoJson(text, "$.a"), message);
}
