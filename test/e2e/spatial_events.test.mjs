// Events hold PostGIS' types as GeoJSON, in the form in which the gateway answers them.
import assert from 'node:assert/strict';

import { scenario } from './harness.mjs';

scenario('events of tables with PostGIS types', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const [available] = await sql(`SELECT FROM pg_available_extensions WHERE name = 'postgis'`);
  await step('are GeoJSON, with the system of reference', async () => {
    await sql('CREATE EXTENSION threefactor');
    await sql('CREATE SCHEMA gis');
    await sql('CREATE EXTENSION postgis SCHEMA gis');
    await sql('CREATE DOMAIN spot AS gis.geography(Point)');
    await sql('CREATE TABLE places (id integer PRIMARY KEY, spot spot, area gis.geometry, line gis.geometry(LineString, 3857))');
    await sql(`SELECT threefactor.create_event_trigger(name => 'places', relation => 'places', webhook => 'http://127.0.0.1:1/')`);
    // A writer who may not even name the types.
    await sql('CREATE ROLE surveyor');
    await sql('GRANT INSERT ON places TO surveyor');
    await sql(`BEGIN; SET LOCAL ROLE surveyor;
               INSERT INTO places SELECT 1, '0101000020E6100000C3F5285C8FE245C052B81E85EBD14640', NULL,
                 '0102000020110F0000020000000000000000000000000000000000000000000000000000400000000000000040';
               COMMIT`);
    await sql(`UPDATE places SET area = gis.st_point(1, 2.5)`);
    const rows = (await sql('SELECT new_row FROM threefactor.events ORDER BY position')).map(({ new_row }) => new_row);
    const reference = (code) => ({ type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${code}` } });
    const first = {
      id: 1,
      spot: { type: 'Point', crs: reference(4326), coordinates: [-43.77, 45.64] },
      area: null,
      line: { type: 'LineString', crs: reference(3857), coordinates: [[0, 0], [2, 2]] },
    };
    assert.deepEqual(rows, [first, { ...first, area: { type: 'Point', coordinates: [1, 2.5] } }]);
  }, available ? false : 'the server lacks PostGIS');
});
