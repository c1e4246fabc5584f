// Operators of PostGIS on geometry, geography and raster (gateway/dialect/filters.md, "PostGIS").
#include "schema/build/builder.hpp"

namespace threefactor::schema {

namespace {

constexpr std::string_view kOfGeometry[][2] = {
    {"_st_contains", "does the column contain the given geometry value"},
    {"_st_crosses", "does the column cross the given geometry value"},
    {"_st_equals", "is the column equal to given geometry value (directionality is ignored)"},
    {"_st_intersects", "does the column spatially intersect the given geometry value"},
    {"_st_3d_intersects", "does the column spatially intersect the given geometry value in 3D"},
    {"_st_overlaps",
     "does the column 'spatially overlap' (intersect but not completely contain) the given geometry value"},
    {"_st_touches", "does the column have atleast one point in common with the given geometry value"},
    {"_st_within", "is the column contained in the given geometry value"},
};

InputField Operand(std::string_view name, std::string_view description, TypeRef type) {
  InputField field = Argument(std::string(name), std::string(description), std::move(type));
  field.kind = InputKind::kOperator;
  return field;
}

Column SpatialColumn(std::string_view scalar, Spatial spatial) {
  Column column;
  column.scalar = scalar;
  column.spatial = spatial;
  return column;
}

}  // namespace

void SchemaBuilder::AddSpatialOperators(Type& comparison, const Column& column) {
  const auto add = [&](std::string_view name, std::string_view description, const Type& value) {
    comparison.input_fields.push_back(Operand(name, description, Nullable(value)));
  };
  const auto add_cast = [&](const std::string& from, const std::string& to, Spatial spatial) {
    const Type& target = DeclareComparison(SpatialColumn(to, spatial));
    add("_cast", "", SpatialInput(from + "_cast_exp", {Operand(to, "", Nullable(target))}));
  };
  const TypeRef number = NonNull(Scalar("Float"));
  const Type& geometry = Scalar("geometry");
  switch (column.spatial) {
    case Spatial::kNone:
      break;
    case Spatial::kGeometry: {
      for (const auto& [name, description] : kOfGeometry) add(name, description, geometry);
      const Type& within =
          SpatialInput("st_d_within_input", {Operand("distance", "", number), Operand("from", "", NonNull(geometry))});
      add("_st_d_within", "is the column within a given distance from the given geometry value", within);
      add("_st_3d_d_within", "is the column within a given 3D distance from the given geometry value", within);
      add_cast("geometry", "geography", Spatial::kGeography);
      break;
    }
    case Spatial::kGeography: {
      const Type& geography = Scalar("geography");
      InputField use_spheroid = Operand("use_spheroid", "", Nullable(Scalar("Boolean")));
      use_spheroid.default_value = "true";
      add("_st_intersects", "does the column spatially intersect the given geography value", geography);
      add("_st_d_within", "is the column within a given distance from the given geography value",
          SpatialInput(
              "st_d_within_geography_input",
              {Operand("distance", "", number), Operand("from", "", NonNull(geography)), std::move(use_spheroid)}));
      add_cast("geography", "geometry", Spatial::kGeometry);
      break;
    }
    case Spatial::kRaster: {
      const Type& band = Scalar("Int");
      add("_st_intersects_rast", "", Scalar("raster"));
      add("_st_intersects_geom_nband", "",
          SpatialInput("st_intersects_geom_nband_input",
                       {Operand("geommin", "", NonNull(geometry)), Operand("nband", "", Nullable(band))}));
      add("_st_intersects_nband_geom", "",
          SpatialInput("st_intersects_nband_geom_input",
                       {Operand("geommin", "", NonNull(geometry)), Operand("nband", "", NonNull(band))}));
      break;
    }
  }
}

Type& SchemaBuilder::SpatialInput(const std::string& name, std::vector<InputField> members) {
  if (Type* declared = Find(name)) return *declared;
  Type& type = Declare(TypeKind::kInputObject, name, "");
  type.input_fields = std::move(members);
  return type;
}

}  // namespace threefactor::schema
