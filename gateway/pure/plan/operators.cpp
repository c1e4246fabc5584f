#include "plan/operators.hpp"

#include <algorithm>
#include <array>

namespace threefactor::plan {

namespace {

using Form = Operator::Form;

constexpr std::string_view kOfColumn;
constexpr std::string_view kListOfColumn = "[]";

constexpr Operator::Member kWithin[] = {{"from", kOfColumn}, {"distance", "float8"}, {"use_spheroid", "boolean"}};
constexpr Operator::Member kGeometryAndBand[] = {{"geommin", "geometry"}, {"nband", "integer"}};
constexpr Operator::Member kBandAndGeometry[] = {{"nband", "integer"}, {"geommin", "geometry"}};

constexpr std::array kOperators = std::to_array<Operator>({
    {"_eq", "=", false, kOfColumn},
    {"_neq", "<>", false, kOfColumn},
    {"_gt", ">", false, kOfColumn},
    {"_gte", ">=", false, kOfColumn},
    {"_lt", "<", false, kOfColumn},
    {"_lte", "<=", false, kOfColumn},
    {"_in", "=", false, kListOfColumn, Form::kAny},
    {"_nin", "=", true, kListOfColumn, Form::kAny},
    {"_like", "~~", false, kOfColumn},
    {"_nlike", "!~~", false, kOfColumn},
    {"_ilike", "~~*", false, kOfColumn},
    {"_nilike", "!~~*", false, kOfColumn},
    {"_similar", "~", false, kOfColumn, Form::kSimilar},
    {"_nsimilar", "!~", false, kOfColumn, Form::kSimilar},
    {"_regex", "~", false, kOfColumn},
    {"_iregex", "~*", false, kOfColumn},
    {"_nregex", "!~", false, kOfColumn},
    {"_niregex", "!~*", false, kOfColumn},
    {"_contains", "@>", false, kOfColumn},
    {"_contained_in", "<@", false, kOfColumn},
    {"_has_key", "?", false, "text"},
    {"_has_keys_any", "?|", false, "text[]"},
    {"_has_keys_all", "?&", false, "text[]"},
    {"_jsonb_path_exists", "@?", false, "jsonpath"},
    {"_jsonb_path_match", "@@", false, "jsonpath"},
    {"_ancestor", "@>", false, kOfColumn},
    {"_ancestor_any", "@>", false, kListOfColumn},
    {"_descendant", "<@", false, kOfColumn},
    {"_descendant_any", "<@", false, kListOfColumn},
    {"_matches", "~", false, "ltree.lquery"},
    {"_matches_any", "?", false, "ltree.lquery[]"},
    {"_matches_fulltext", "@", false, "ltree.ltxtquery"},
    {"_st_contains", "st_contains", false, kOfColumn, Form::kFunction},
    {"_st_crosses", "st_crosses", false, kOfColumn, Form::kFunction},
    {"_st_equals", "st_equals", false, kOfColumn, Form::kFunction},
    {"_st_intersects", "st_intersects", false, kOfColumn, Form::kFunction},
    {"_st_3d_intersects", "st_3dintersects", false, kOfColumn, Form::kFunction},
    {"_st_overlaps", "st_overlaps", false, kOfColumn, Form::kFunction},
    {"_st_touches", "st_touches", false, kOfColumn, Form::kFunction},
    {"_st_within", "st_within", false, kOfColumn, Form::kFunction},
    {"_st_d_within", "st_dwithin", false, kOfColumn, Form::kFunction, kWithin},
    {"_st_3d_d_within", "st_3ddwithin", false, kOfColumn, Form::kFunction, kWithin},
    {"_st_intersects_rast", "st_intersects", false, kOfColumn, Form::kFunction},
    {"_st_intersects_geom_nband", "st_intersects", false, kOfColumn, Form::kFunction, kGeometryAndBand},
    {"_st_intersects_nband_geom", "st_intersects", false, kOfColumn, Form::kFunction, kBandAndGeometry},
});

}  // namespace

const Operator* FindOperator(std::string_view name) {
  const auto* found =
      std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& o) { return o.name == name; });
  return found == kOperators.end() ? nullptr : found;
}

}  // namespace threefactor::plan
