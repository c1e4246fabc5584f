-- What the spatial cases see beside the rest. The extensions stay out of sight, in a schema that is not served.
CREATE SCHEMA spatial;
SET LOCAL search_path = public, spatial;
CREATE EXTENSION postgis SCHEMA spatial;
CREATE EXTENSION postgis_raster SCHEMA spatial;
CREATE TABLE places (
  id integer PRIMARY KEY, at geometry(Point, 4326), area geometry(Polygon, 4326), line geometry, world geography, tile raster);
INSERT INTO places VALUES
  (1, 'SRID=4326;POINT(1 1)', 'SRID=4326;POLYGON((0 0,0 4,4 4,4 0,0 0))', 'SRID=4326;LINESTRING(0 0,4 4)', 'POINT(1 1)',
   ST_AsRaster('SRID=4326;POLYGON((0 0,0 4,4 4,4 0,0 0))'::geometry, 2, 2)),
  (2, 'SRID=4326;POINT(9 9)', 'SRID=4326;POLYGON((4 0,4 4,8 4,8 0,4 0))', NULL, 'POINT(9 9)', NULL);
