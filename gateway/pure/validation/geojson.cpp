#include "validation/geojson.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "validation/decimal.hpp"

namespace threefactor::validation {

namespace {

constexpr std::string_view kWorld = R"("crs":{"type":"name","properties":{"name":"EPSG:4326"}},)";

class GeoJsonChecker {
 public:
  explicit GeoJsonChecker(const std::string& path) : path_(path) {}

  void Geometry(const Json& value) const {
    if (!value.IsObject()) Fail("expected an object for a geometry");
    const std::string_view type = Type(value);
    if (type == "GeometryCollection") {
      for (const Json& geometry : List(Member(value, "geometries"))) Geometry(geometry);
      return;
    }
    const Json& coordinates = Member(value, "coordinates");
    if (type == "Point") return Position(coordinates);
    if (type == "MultiPoint") return Each(coordinates, &GeoJsonChecker::Position);
    if (type == "LineString") return Line(coordinates);
    if (type == "MultiLineString") return Each(coordinates, &GeoJsonChecker::Line);
    if (type == "Polygon") return Polygon(coordinates);
    if (type == "MultiPolygon") return Each(coordinates, &GeoJsonChecker::Polygon);
    Fail("unexpected geometry type: " + std::string(type));
  }

 private:
  [[noreturn]] void Fail(std::string message) const { throw Error(code::kParseFailed, std::move(message), path_); }

  const Json& Member(const Json& object, const char* name) const {
    const Json* member = object.Find(name);
    if (member == nullptr) Fail("key \"" + std::string(name) + "\" not found");
    return *member;
  }

  std::string_view Type(const Json& object) const {
    const Json& type = Member(object, "type");
    if (!type.IsString()) Fail("expected a string for the type of a geometry");
    return type.Text();
  }

  std::span<const Json> List(const Json& value) const {
    if (!value.IsArray()) Fail("expected a list in a geometry");
    return value.Items();
  }

  void Each(const Json& list, void (GeoJsonChecker::*check)(const Json&) const) const {
    for (const Json& item : List(list)) (this->*check)(item);
  }

  void Position(const Json& value) const {
    const auto numbers = List(value);
    if (numbers.size() < 2) Fail("A Position needs at least 2 elements");
    if (!std::all_of(numbers.begin(), numbers.end(), [](const Json& number) { return number.IsNumber(); })) {
      Fail("a Position is a list of numbers");
    }
  }

  void Line(const Json& value) const {
    if (List(value).size() < 2) Fail("A LineString needs at least 2 Positions");
    Each(value, &GeoJsonChecker::Position);
  }

  void Ring(const Json& value) const {
    const auto positions = List(value);
    if (positions.size() < 4) Fail("A LinearRing needs at least 4 Positions");
    Each(value, &GeoJsonChecker::Position);
    const auto is_same = [](const Json& a, const Json& b) { return SameNumber(a.Text(), b.Text()); };
    const auto first = positions.front().Items();
    const auto last = positions.back().Items();
    if (!std::equal(first.begin(), first.end(), last.begin(), last.end(), is_same)) {
      Fail("the first and last locations have to be equal for a LinearRing");
    }
  }

  void Polygon(const Json& value) const { Each(value, &GeoJsonChecker::Ring); }

  const std::string& path_;
};

}  // namespace

std::string ReadGeoJson(std::string json, const std::string& path) {
  const JsonDocument document = ParseJson(json, "a geometry");
  GeoJsonChecker(path).Geometry(document.root());
  if (document.root().Find("crs") == nullptr) json.insert(1, kWorld);
  return json;
}

}  // namespace threefactor::validation
