-- What the workers share of the endpoints that event triggers post to: extension/delivery/endpoints.hpp.

-- Private. One row for each endpoint of this database that a worker knows or knew; key: the hash of its name.
CREATE FUNCTION threefactor_private.endpoint_states(
    OUT key bigint, OUT in_flight integer, OUT breaker text, OUT failures integer, OUT successes integer, OUT open_until timestamptz,
    OUT rate_limited_at timestamptz, OUT allowed_rate double precision) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_endpoint_states';

-- Why nothing is sent, by endpoint. state: ok; full (its window is in use); rate limited (within the last second); breaker open (until
-- open_until); breaker half-open (the next delivery, or the one in flight, decides). A limit that is null is none; the rate is the lower of what event triggers
-- say and what the endpoint has allowed (WebHook-Allowed-Rate).
CREATE VIEW threefactor.endpoints AS
  SELECT threefactor_private.shown_url(e.endpoint, e.readable) AS endpoint,
         CASE WHEN s.breaker = 'open' THEN 'breaker open'
              WHEN s.breaker = 'half-open' THEN 'breaker half-open'
              WHEN s.rate_limited_at > pg_catalog.clock_timestamp() - interval '1 second' THEN 'rate limited'
              WHEN s.in_flight >= e.concurrency THEN 'full'
              ELSE 'ok' END AS state,
         coalesce(s.in_flight, 0) AS in_flight, e.concurrency, least(e.rate, s.allowed_rate) AS rate,
         coalesce(s.failures, 0) AS failures, coalesce(s.successes, 0) AS successes, s.open_until, s.rate_limited_at, e.event_triggers
    FROM (SELECT threefactor_private.endpoint_name(d.webhook, d.endpoint) AS endpoint, threefactor_private.endpoint_key(d.webhook, d.endpoint, n.owner) AS key,
                 min((d.endpoint ->> 'concurrency')::integer) AS concurrency, min((d.endpoint ->> 'rate')::double precision) AS rate,
                 array_agg(t.name ORDER BY t.name) AS event_triggers, bool_or(threefactor_private.reader_owns(n.owner)) AS readable
            FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
            JOIN threefactor_private.names AS n ON n.trigger_id = t.trigger_id
           GROUP BY 1, 2) AS e
    LEFT JOIN threefactor_private.endpoint_states() AS s USING (key);
