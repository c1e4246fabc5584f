// What the database has, as plain data: tables, columns, keys and relationships, with what one role may do to each.
// Read by one SQL query (catalog.cpp), what a role may do by another (privileges.cpp); immutable afterwards and shared
// by all threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace threefactor::schema {

using Oid = std::uint32_t;

// Among the relations that something reads: any of them, since what a function does is not known.
inline constexpr Oid kAnyRelation = 0;

// How a value of a Postgres type is written as JSON in SQL, cheapest form first (gateway/dialect/types.md).
enum class JsonForm {
  kVerbatim,  // the type's text output is JSON: int2, int4, int8, bool
  kToJson,    // everything else: to_json(value) decides (quotes, escapes, NaN, nested json)
  kText,      // a string of the type's text output: numbers, where asked for
  kGeoJson,   // PostGIS: st_asgeojson
};

// Types of PostGIS, which have operators of their own.
enum class Spatial { kNone, kGeometry, kGeography, kRaster };

// What a type outside of pg_catalog brings along (citext its own =): names of operators whose left operand it is, and
// of aggregates over it, each with its schema as it stands in SQL before the name: "public".
struct OwnNames {
  std::map<std::string, std::string, std::less<>> operators;
  std::map<std::string, std::string, std::less<>> aggregates;
};

// What evaluating an object may leave behind in the session beyond the transaction.
enum class Residue {
  kNothing,
  kSettings,  // expressions that its owner wrote call functions of pg_catalog: settings, advisory locks
  kAnything,  // functions of users
};

struct Column {
  int number = 0;            // attribute number
  std::string name;          // in the database
  std::string graphql_name;  // in the API; equal unless customised
  bool is_name_custom = false;
  std::string scalar;     // GraphQL scalar name: "Int", "String", "uuid", "timestamptz" ...
  bool is_array = false;  // scalar is then the element's: [scalar!]
  // As format_type prints it, schema-qualified where needed: for casts of parameters. Where only another type reads
  // what is sent (GeoJSON), both: a::b.
  std::string sql_type;
  std::string comment;
  JsonForm json_form = JsonForm::kToJson;
  bool not_null = false;
  bool is_numeric = false;     // sum, avg, _inc
  bool is_comparable = false;  // min, max
  bool is_text = false;        // _like and its kin
  bool is_jsonb = false;
  bool is_json = false;  // json or jsonb: takes `path`, any literal
  bool is_ltree = false;
  Spatial spatial = Spatial::kNone;
  std::string extension_schema;         // of a spatial type or ltree, its functions and further types: "public".
  std::shared_ptr<const OwnNames> own;  // null: all operators and aggregates are of pg_catalog
  bool is_enum = false;                 // refers to an enum table: scalar is then the name of an enum type
  int enum_table = -1;                  // index into Catalog::tables
  std::string plain_scalar;             // of an enum: what scalar is without it
  bool is_hidden = false;               // has no name in the API; it is there for keys and relationships
  // What the role may do.
  bool may_select = false;
  bool may_insert = false;  // false too for generated and GENERATED ALWAYS columns
  bool may_update = false;
};

struct Constraint {
  std::string name;
  std::vector<int> columns;  // indexes into Table::columns
};

struct Table;

struct Relationship {
  std::string name;
  bool is_array = false;
  bool nullable = true;                      // an object relationship over a NOT NULL foreign key is not
  int target = -1;                           // index into Catalog::tables
  std::vector<std::pair<int, int>> columns;  // (this table's column, the target's column)
  bool after_parent = false;                 // nested inserts: the target's row takes its key from this one's
  bool is_explicit = false;                  // made by an administrator, not implied by a foreign key
  std::string comment{};
};

// An argument of a function in the order of the database.
struct FunctionArgument {
  enum class Role {
    kValue,    // of the request
    kRow,      // of the table whose computed field it is
    kSession,  // json: the session variables
  };
  Role role = Role::kValue;
  std::string name;       // in the API: arg_1 ... where the database has none
  bool is_named = false;  // the database has that name too
  bool has_default = false;
  Column type;  // what is said of values; it has no name
};

// A function that the metadata names (gateway/dialect/functions.md).
struct Function {
  Oid oid = 0;
  std::string schema;
  std::string name;
  std::string graphql_name;
  std::string root_name;       // of its root field
  std::string aggregate_name;  // of the root field of aggregates over its rows
  std::string comment;
  bool is_mutation = false;  // it may change something: a field of mutation_root
  bool returns_set = false;
  int table = -1;  // index into Catalog::tables: it returns rows of that; -1: a value
  Column result;   // the value's type
  std::vector<FunctionArgument> arguments;
  std::vector<Oid> reads;  // as Table::reads
};

struct ComputedField {
  std::string name;
  std::string comment;
  Function function;
};

struct EnumRow {
  std::string value;
  std::string comment;
};

struct Table {
  Oid oid = 0;
  std::string schema;
  std::string name;
  std::string graphql_name;  // "t" of gateway/dialect/names.md
  bool is_name_custom = false;
  std::string comment;
  std::vector<Column> columns;  // in attribute order
  std::vector<Relationship> relationships;
  std::vector<ComputedField> computed_fields;
  std::vector<EnumRow> enum_rows;                              // of an enum table, in its order
  std::map<std::string, std::string, std::less<>> root_names;  // customised: "select" to its name ...
  std::map<std::string, std::string, std::less<>> root_comments;
  Constraint primary_key;  // empty name: none
  std::vector<Constraint> unique_constraints;
  bool is_insertable = false;  // by kind of relation (a view may not be) and by privilege of the role
  bool is_updatable = false;
  bool is_deletable = false;
  bool may_select_row = false;  // all columns, those that the API leaves out included
  bool hides_rows = false;      // policies may keep rows from the role
  // What the role's select permission in the metadata says.
  std::optional<std::int32_t> row_limit;  // most rows of a list; none: no limit
  bool may_aggregate = true;
  // Root fields, as custom_root_fields calls them: select, select_by_pk, select_aggregate. None: all.
  std::optional<std::vector<std::string>> query_fields;
  std::optional<std::vector<std::string>> subscription_fields;
  Residue residue = Residue::kNothing;  // of reading it
  // Every relation whose change may change what a SELECT on this one answers: itself, the tables under a view (to any
  // depth), partitions and partition ancestors, inheritance children, tables read by row-level security policies;
  // kAnyRelation where a function on the way does not tell what it reads.
  std::vector<Oid> reads;
};

// What has no place in the API, because its name is none in GraphQL or is taken by something that goes first: what has
// a name of its own in the metadata and tracked functions, then the order of the catalog; columns before relationships
// and computed fields.
struct Omission {
  std::string type;    // as the metadata API calls it: table, function, column, object_relation, array_relation ...
  std::string schema;  // of the table or function
  std::string name;    // likewise
  std::string field;   // what of it: a column, relationship, computed field, root field; empty: all of it
  std::string reason;  // names both that clash
  // Of a name that GraphQL cannot express: how to give it another. Such an object is left out, not inconsistent.
  std::string remedy{};
  bool is_inconsistent = true;
  bool operator==(const Omission&) const = default;
};

// Of what GraphQL has no way to name. `remedy`: how it can be given another name.
Omission Inexpressible(std::string type, std::string schema, std::string name, std::string field, std::string remedy);

struct Catalog {
  bool has_extension = false;  // CREATE EXTENSION threefactor was run in this database
  std::string extension_version;
  std::vector<Table> tables;
  std::vector<Function> functions;  // tracked
  std::vector<Omission> omissions;
  // By role, as clients name it: what of its permissions Postgres has no notion of, for WithPermissions.
  std::map<std::string, std::string, std::less<>> permissions;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const OwnNames>>
      own_names;  // by schema and name of type
};

// Sets, for a transaction, the search_path that statements about the catalog are written for. Others of the gateway are
// qualified, since the functions of users that they call find theirs by the search_path of database and role.
inline constexpr std::string_view kCatalogSearchPath = "SET LOCAL search_path TO pg_catalog, pg_temp";
// The SQL text whose single value is the catalog as one JSON document, to run under kCatalogSearchPath; parameters:
// schemas text[].
std::string_view CatalogQuery();
// Parses that JSON: the catalog of who may do everything. Throws Error(kUnexpected) when it is not what CatalogQuery
// returns. `numbers_as_text`: those that JavaScript's numbers do not hold are answered as strings.
std::shared_ptr<const Catalog> ParseCatalog(std::string_view json, bool numbers_as_text = false);

// The SQL text whose single value says what a role may do, as one JSON document that is the same for roles that may do
// the same; to run under kCatalogSearchPath; parameters: role text, null for the current one.
std::string_view PrivilegesQuery();
// `all` as far as that document allows. Names do not depend on it. Throws Error(kUnexpected) when it is another.
std::shared_ptr<const Catalog> WithPrivileges(const Catalog& all, std::string_view json);

// Whether permissions that are `backend_only` give their rights.
enum class BackendOnly { kWithout, kWith };
// What a role sees of the `catalog` that WithPrivileges made for it, by its entry in Catalog::permissions; empty: it
// has no permission in the metadata, and sees all of it. Throws Error(kUnexpected) when it is another document.
std::shared_ptr<const Catalog> WithPermissions(std::shared_ptr<const Catalog> catalog, std::string_view permissions,
                                               BackendOnly backend_only);

// The SQL text that answers for each role: its name, why no request may run as it (null: it may), and its own
// statement_timeout (null: none); to run under kCatalogSearchPath; parameters: names text[], the role of administrators
// text.
std::string_view RequestRolesQuery();

}  // namespace threefactor::schema
