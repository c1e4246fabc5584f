-- JSON text for the gateway, at nearly the speed of plain rows: object('{"id":%v,"tags":%r}', id, tags) writes each value into its place,
-- %v as JSON by its type, %r as it is; list(...) makes a JSON list of the same for each row. Not to_json's: of bool, int2, int4, int8,
-- float4, float8, numeric, text, varchar, bpchar, uuid, date, timestamp, timestamptz, json, jsonb and domains over them, byte for byte
-- what to_json writes; others are to be passed as to_json(value). In a schema of its own because every role that the gateway serves calls
-- them, and none of these may look into ours. They return text, not json, since nothing checks that a template makes JSON.
CREATE SCHEMA threefactor_json;
GRANT USAGE ON SCHEMA threefactor_json TO PUBLIC;

CREATE FUNCTION threefactor_json.object(VARIADIC "any") RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_json_object';

CREATE FUNCTION threefactor_json.append(internal, VARIADIC "any") RETURNS internal
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_json_append';
CREATE FUNCTION threefactor_json.finish(internal) RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_json_list';
CREATE AGGREGATE threefactor_json.list(VARIADIC "any") (
  SFUNC = threefactor_json.append, STYPE = internal, FINALFUNC = threefactor_json.finish, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE);
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA threefactor_json TO PUBLIC;  -- default privileges may be others
