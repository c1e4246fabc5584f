#include "validation/geojson.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "error.hpp"

namespace threefactor::validation {

namespace {

using Json = rapidjson::Value;

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
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd()) Fail("key \"" + std::string(name) + "\" not found");
    return member->value;
  }

  std::string_view Type(const Json& object) const {
    const Json& type = Member(object, "type");
    if (!type.IsString()) Fail("expected a string for the type of a geometry");
    return {type.GetString(), type.GetStringLength()};
  }

  Json::ConstArray List(const Json& value) const {
    if (!value.IsArray()) Fail("expected a list in a geometry");
    return value.GetArray();
  }

  void Each(const Json& list, void (GeoJsonChecker::*check)(const Json&) const) const {
    for (const Json& item : List(list)) (this->*check)(item);
  }

  void Position(const Json& value) const {
    const auto numbers = List(value);
    if (numbers.Size() < 2) Fail("A Position needs at least 2 elements");
    if (!std::all_of(numbers.begin(), numbers.end(), [](const Json& number) { return number.IsNumber(); })) {
      Fail("a Position is a list of numbers");
    }
  }

  void Line(const Json& value) const {
    if (List(value).Size() < 2) Fail("A LineString needs at least 2 Positions");
    Each(value, &GeoJsonChecker::Position);
  }

  void Ring(const Json& value) const {
    const auto positions = List(value);
    if (positions.Size() < 4) Fail("A LinearRing needs at least 4 Positions");
    Each(value, &GeoJsonChecker::Position);
    if (positions[0] != positions[positions.Size() - 1]) {
      Fail("the first and last locations have to be equal for a LinearRing");
    }
  }

  void Polygon(const Json& value) const { Each(value, &GeoJsonChecker::Ring); }

  const std::string& path_;
};

}  // namespace

std::string ReadGeoJson(std::string json, const std::string& path) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError()) throw Error(code::kParseFailed, "expected an object for a geometry", path);
  GeoJsonChecker(path).Geometry(document);
  if (!document.HasMember("crs")) json.insert(1, kWorld);
  return json;
}

}  // namespace threefactor::validation
