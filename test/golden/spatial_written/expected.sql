-- $.selectionSet.insert_places.args.objects
WITH w AS (INSERT INTO "public"."places" AS _0 ("id", "at", "line", "world") VALUES (($1)::integer, ($2)::spatial.geometry, ($3)::spatial.geometry, ($4)::spatial.geometry::spatial.geography), (($5)::integer, DEFAULT, ($6)::spatial.geometry, DEFAULT), (($7)::integer, ($8)::spatial.geometry, ($9)::spatial.geometry, DEFAULT) RETURNING "id", "at", "line", "world") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"id":%v,"at":%r,"line":%r,"world":%r}', w."id", spatial.st_asgeojson(w."at"::spatial.geometry, 15, 4), spatial.st_asgeojson(w."line"::spatial.geometry, 15, 4), spatial.st_asgeojson(w."world"::spatial.geography, 15, 4))) FROM w;
-- $1 = 3
-- $2 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"Point","coordinates":[1.5,2.5]}
-- $3 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"LineString","coordinates":[[0,0],[1,1]]}
-- $4 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}
-- $5 = 4
-- $6 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2,3]},{"type":"MultiPoint","coordinates":[[1,2]]}]}
-- $7 = 5
-- $8 = NULL
-- $9 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"MultiPolygon","coordinates":[[[[0,0],[0,1],[1,1],[0,0]]]]}
-- $
UPDATE "public"."places" AS _0 SET "line" = ($1)::spatial.geometry WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"line":%r}', spatial.st_asgeojson(_0."line"::spatial.geometry, 15, 4));
-- $1 = {"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}
-- $2 = 2
