-- Private. What create_event_trigger and its like demand of their arguments. Each raises what is wrong, and what to write instead.

-- One member of an argument that is a JSON object: a number between two bounds, or the default.
CREATE FUNCTION threefactor_private.number_member(
    argument text, given jsonb, otherwise numeric, lowest numeric, highest numeric, whole boolean) RETURNS numeric
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF given IS NULL OR given = 'null' THEN
    RETURN otherwise;
  END IF;
  IF jsonb_typeof(given) <> 'number' OR given::numeric NOT BETWEEN lowest AND highest
     OR (whole AND given::numeric <> trunc(given::numeric)) THEN
    RAISE EXCEPTION '% must be a %number from % to %', argument, CASE WHEN whole THEN 'whole ' ELSE '' END, lowest, highest
      USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It is %s.', left(given::text, 100));
  END IF;
  RETURN given::numeric;
END $$;

-- Raises unless it is a JSON object with no other members.
CREATE FUNCTION threefactor_private.check_members(argument text, given jsonb, members text[], example text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
BEGIN
  IF jsonb_typeof(given) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION '% must be a JSON object', argument USING ERRCODE = 'invalid_parameter_value',
      HINT = format('For example %s.', example);
  END IF;
  SELECT key INTO unknown FROM jsonb_object_keys(given) AS key WHERE key <> ALL (members) ORDER BY key LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% has no member "%"', argument, unknown USING ERRCODE = 'invalid_parameter_value',
      HINT = format('Members are %s and %s.', array_to_string(trim_array(members, 1), ', '), members[cardinality(members)]);
  END IF;
END $$;

-- The retry rule with every member, or an error. Of which nothing is given: the schedule that Standard Webhooks recommends, over three
-- days. Whoever gives an interval means an exponential backoff from there on.
CREATE FUNCTION threefactor_private.complete_retry(retry jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pauses jsonb := nullif(retry -> 'pauses', 'null');
  backoff text := coalesce(retry ->> 'backoff',
    CASE WHEN pauses IS NULL AND nullif(retry -> 'interval', 'null') IS NOT NULL THEN 'exponential' ELSE 'schedule' END);
  scheduled boolean := backoff = 'schedule';
  statuses jsonb := nullif(retry -> 'statuses', 'null');
BEGIN
  PERFORM threefactor_private.check_members('retry', retry,
    '{attempts,backoff,pauses,interval,max_interval,timeout,connect_timeout,statuses}',
    '{"attempts": 5, "backoff": "fixed", "interval": 10}');
  IF backoff NOT IN ('schedule', 'exponential', 'fixed') THEN
    RAISE EXCEPTION 'retry: "backoff" must be "schedule", "exponential" or "fixed"' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF scheduled AND nullif(retry -> 'interval', 'null') IS NOT NULL OR NOT scheduled AND pauses IS NOT NULL THEN
    RAISE EXCEPTION 'retry: "%" does not belong to the backoff "%"', CASE WHEN scheduled THEN 'interval' ELSE 'pauses' END, backoff
      USING ERRCODE = 'invalid_parameter_value', HINT = 'A schedule has "pauses"; exponential and fixed have an "interval".';
  END IF;
  IF pauses IS NOT NULL AND (jsonb_typeof(pauses) <> 'array' OR jsonb_array_length(pauses) NOT BETWEEN 1 AND 100) THEN
    RAISE EXCEPTION 'retry: "pauses" must be a list of 1 to 100 numbers of seconds' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example [5, 300, 3600]: the pauses after the first attempt, the second, and all others.';
  END IF;
  IF scheduled THEN
    pauses := coalesce(
      (SELECT jsonb_agg(threefactor_private.number_member('retry: each of "pauses"', pause, -1, 0, 604800, false))
         FROM jsonb_array_elements(pauses) AS pause),
      '[5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]');
    IF pauses @> '-1' THEN
      RAISE EXCEPTION 'retry: "pauses" must not hold null' USING ERRCODE = 'invalid_parameter_value';
    END IF;
  END IF;
  IF statuses IS NOT NULL AND (jsonb_typeof(statuses) <> 'array' OR EXISTS (
       SELECT FROM jsonb_array_elements(statuses) AS status
        WHERE jsonb_typeof(status) <> 'number' OR status::text !~ '^[1-5][0-9][0-9]$')) THEN
    RAISE EXCEPTION 'retry: "statuses" must be a list of HTTP statuses' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example [408, 429, 500, 502, 503, 504].';
  END IF;
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'attempts', threefactor_private.number_member('retry: "attempts"', retry -> 'attempts',
      CASE WHEN scheduled THEN jsonb_array_length(pauses) + 1 ELSE 10 END, 1, 1000, true),
    'backoff', backoff,
    'pauses', pauses,
    'interval', CASE WHEN NOT scheduled THEN threefactor_private.number_member('retry: "interval"', retry -> 'interval', 1, 0, 604800, false) END,
    'max_interval', threefactor_private.number_member('retry: "max_interval"', retry -> 'max_interval',
      CASE WHEN scheduled THEN (SELECT greatest(86400, max(pause::numeric)) FROM jsonb_array_elements(pauses) AS pause)
           ELSE greatest(3600, threefactor_private.number_member('retry: "interval"', retry -> 'interval', 1, 0, 604800, false)) END,
      0, 604800, false),
    'timeout', threefactor_private.number_member('retry: "timeout"', retry -> 'timeout', 60, 0.001, 1800, false),
    'connect_timeout', threefactor_private.number_member('retry: "connect_timeout"', retry -> 'connect_timeout', NULL, 0.001, 1800, false),
    'statuses', statuses));
END $$;

-- The limits of an endpoint, with every member that is implied, or an error. Without a breaker there is none.
CREATE FUNCTION threefactor_private.complete_endpoint(endpoint jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name jsonb := endpoint -> 'name';
  breaker jsonb := nullif(endpoint -> 'breaker', 'null');
  rate numeric;
BEGIN
  PERFORM threefactor_private.check_members('endpoint', endpoint, '{name,concurrency,rate,burst,breaker,validate}',
    '{"concurrency": 5, "rate": 20, "breaker": {"failures": 10, "cooldown": 30}}');
  IF name IS NOT NULL AND name <> 'null' AND (jsonb_typeof(name) <> 'string' OR (name #>> '{}') !~ '^[^[:cntrl:]]{1,255}$') THEN
    RAISE EXCEPTION 'endpoint: "name" must be a text of up to 255 characters' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Event triggers that name the same endpoint share its limits.';
  END IF;
  IF jsonb_typeof(endpoint -> 'validate') NOT IN ('boolean', 'null') THEN
    RAISE EXCEPTION 'endpoint: "validate" must be true or false' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'With true, nothing is sent to an endpoint that has not consented (CloudEvents webhook validation).';
  END IF;
  rate := threefactor_private.number_member('endpoint: "rate"', endpoint -> 'rate', NULL, 0.001, 1000000, false);
  IF rate IS NULL AND nullif(endpoint -> 'burst', 'null') IS NOT NULL THEN
    RAISE EXCEPTION 'endpoint: "burst" belongs to a "rate"' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF breaker IS NOT NULL THEN
    PERFORM threefactor_private.check_members('endpoint: "breaker"', breaker, '{failures,ratio,window,cooldown,max_cooldown}',
      '{"failures": 10, "ratio": 0.5, "window": 30, "cooldown": 10, "max_cooldown": 300}');
    breaker := jsonb_build_object(
      'failures', threefactor_private.number_member('breaker: "failures"', breaker -> 'failures', 10, 1, 1000000, true),
      'ratio', threefactor_private.number_member('breaker: "ratio"', breaker -> 'ratio', 0.5, 0, 1, false),
      'window', threefactor_private.number_member('breaker: "window"', breaker -> 'window', 30, 0.001, 86400, false),
      'cooldown', threefactor_private.number_member('breaker: "cooldown"', breaker -> 'cooldown', 10, 0.001, 86400, false),
      'max_cooldown', threefactor_private.number_member('breaker: "max_cooldown"', breaker -> 'max_cooldown', 300, 0.001, 604800, false));
  END IF;
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'name', name,
    'concurrency', threefactor_private.number_member('endpoint: "concurrency"', endpoint -> 'concurrency', NULL, 1, 100000, true),
    'rate', rate,
    'burst', threefactor_private.number_member('endpoint: "burst"', endpoint -> 'burst', CASE WHEN rate IS NOT NULL THEN greatest(1, ceil(rate / 10)) END,
      1, 1000000, false),
    'breaker', breaker,
    'validate', nullif(endpoint -> 'validate', 'false')));
END $$;

-- The name of an endpoint: the one given, else the webhook without what may differ between requests or be secret.
CREATE FUNCTION threefactor_private.endpoint_name(webhook text, endpoint jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(endpoint ->> 'name', regexp_replace(substring(webhook FROM '^[^?#]*'), '^(https?://)[^/]*@', '\1'));

-- By which shared memory knows it: each owner has endpoints of its own, else one could throttle what others deliver.
CREATE FUNCTION threefactor_private.endpoint_key(webhook text, endpoint jsonb, owner oid) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN hashtextextended(coalesce(owner, 0)::text || ' ' || threefactor_private.endpoint_name(webhook, endpoint), 0);

-- Raises unless the text is UTF-8, which a database of encoding SQL_ASCII does not see to: the worker would post to, or run, another one.
CREATE FUNCTION threefactor_private.check_text(argument text, value text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF getdatabaseencoding() = 'SQL_ASCII' THEN
    PERFORM length(convert_to(value, 'SQL_ASCII'), 'UTF8');
  END IF;
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RAISE EXCEPTION '% must be UTF-8', argument USING ERRCODE = 'character_not_in_repertoire',
    HINT = 'In a database of encoding SQL_ASCII, write it in UTF-8.';
END $$;

-- Raises unless the webhook may be a URL: {{NAME}} stands for an environment variable of the server. What only its value can show is
-- found when it is posted to.
CREATE FUNCTION threefactor_private.check_webhook(webhook text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  plain text := regexp_replace(webhook, '\{\{[A-Za-z_][A-Za-z0-9_]*\}\}', 'x', 'g');
  port text;
BEGIN
  IF webhook IS NULL OR webhook = '' THEN
    RAISE EXCEPTION 'an event trigger needs a webhook' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Give the URL that events are posted to.';
  END IF;
  IF octet_length(webhook) > 8000 THEN
    RAISE EXCEPTION 'a webhook must not be longer than 8000 bytes' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF webhook !~ '^(https?://|\{\{[A-Za-z_][A-Za-z0-9_]*\}\})' OR webhook ~ '[[:space:][:cntrl:]]'
     OR regexp_replace(webhook, '\{\{[A-Za-z_][A-Za-z0-9_]*\}\}', '', 'g') ~ '[{}]' THEN
    RAISE EXCEPTION 'webhook "%" is not an http or https URL', webhook USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Write http://..., https://..., or {{NAME}}... with the name of an environment variable.';
  END IF;
  IF webhook LIKE '{{%' THEN
    RETURN;
  END IF;
  -- [user[:password]@]host[:port], the host a name, an IPv4 address, or an IPv6 address in brackets; no port: an empty text.
  port := (regexp_match(plain, '^https?://(?:[^/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^][/?#@:"<>\\^`|{}]+)((?::[0-9x]*)?)(?:[/?#]|$)'))[1];
  IF port IS NULL OR (port ~ '^:[0-9]+$' AND substr(port, 2)::numeric NOT BETWEEN 1 AND 65535) THEN
    RAISE EXCEPTION 'webhook "%" has no host, or none that can be one', threefactor_private.masked_url(webhook)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Write http://host/path or https://host:port/path.';
  END IF;
END $$;

-- Raises unless every header has a name, and a value or the name of an environment variable.
CREATE FUNCTION threefactor_private.check_headers(headers jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  header record;
BEGIN
  IF jsonb_typeof(headers) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'headers must be a JSON object' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example {"X-Key": "value", "X-Token": {"env": "WEBHOOK_TOKEN"}}.';
  END IF;
  IF octet_length(headers::text) > 65536 THEN
    RAISE EXCEPTION 'headers must not be larger than 64 kB' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR header IN SELECT key, value FROM jsonb_each(headers) LOOP
    IF header.key !~ '^[A-Za-z0-9!#$%&''*+.^_`|~-]+$' THEN
      RAISE EXCEPTION '"%" is not a name of a header', header.key USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Content-Type and User-Agent are ours too, but Hasura takes them and ignores them.
    IF lower(header.key) IN ('idempotency-key', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'threefactor-attempt',
         'traceparent', 'origin', 'host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'expect', 'te',
         'trailer', 'upgrade', 'content-encoding', 'proxy-authorization', 'proxy-connection')
       OR lower(header.key) LIKE 'ce-%' THEN
      RAISE EXCEPTION 'header "%" cannot be set', header.key USING ERRCODE = 'invalid_parameter_value',
        DETAIL = 'Deliveries carry it by themselves, or it belongs to the connection.';
    END IF;
    IF jsonb_typeof(header.value) = 'string' AND (header.value #>> '{}') !~ '[[:cntrl:]]' THEN
      CONTINUE;
    END IF;
    IF jsonb_typeof(header.value) = 'object' AND header.value - 'env' = '{}'
       AND header.value ->> 'env' ~ '^[A-Za-z_][A-Za-z0-9_]*$' THEN
      CONTINUE;
    END IF;
    RAISE EXCEPTION 'header "%" must be a text without control characters, or {"env": "NAME"}', header.key
      USING ERRCODE = 'invalid_parameter_value';
  END LOOP;
END $$;

-- Raises unless the caller may make event triggers on the relation and it has the columns.
CREATE FUNCTION threefactor.check_relation(relation regclass, columns text[]) RETURNS void
  LANGUAGE threefactor STABLE AS $$
DECLARE
  class pg_catalog.pg_class;
  missing text;
BEGIN
  SELECT * INTO class FROM pg_catalog.pg_class WHERE oid = relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no relation with OID %', relation::oid USING ERRCODE = 'undefined_table';
  END IF;
  IF class.relkind NOT IN ('r', 'p') OR class.relpersistence = 't' OR class.relnamespace = 'threefactor'::regnamespace THEN
    RAISE EXCEPTION '"%" is not a table that can have event triggers', class.relname USING ERRCODE = 'wrong_object_type',
      HINT = 'Use a permanent table, partitioned or not; for a view, its base table.';
  END IF;
  PERFORM threefactor_private.require_owner(relation);
  SELECT name INTO missing FROM unnest(columns) AS name
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
                      WHERE attrelid = relation AND attname = name AND attnum > 0 AND NOT attisdropped)
   ORDER BY name NULLS FIRST LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'table "%" has no column "%"', class.relname, missing USING ERRCODE = 'undefined_column';
  END IF;
END $$;

-- Raises unless it can be a topic: a word in URLs and headers without quoting.
CREATE FUNCTION threefactor_private.check_topic(topic text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF topic IS NULL OR topic !~ '^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,126}$' THEN
    RAISE EXCEPTION '"%" is not a name for a topic', topic USING ERRCODE = 'invalid_name',
      HINT = 'A letter, digit or underscore, then also . : / -, up to 127 characters.';
  END IF;
END $$;

-- Raises unless every secret is whsec_ and base64 of 24 to 64 bytes (Standard Webhooks 1.0.0). The secret itself is not told.
CREATE FUNCTION threefactor_private.check_secrets(secrets text[]) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  secret text;
  size integer;
BEGIN
  IF cardinality(secrets) NOT BETWEEN 1 AND 2 THEN
    RAISE EXCEPTION 'an event trigger has one secret, or two while they rotate' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOREACH secret IN ARRAY coalesce(secrets, '{}') LOOP
    BEGIN
      size := length(decode(substring(secret FROM '^whsec_([A-Za-z0-9+/]+=*)$'), 'base64'));
    EXCEPTION WHEN invalid_parameter_value THEN
      size := NULL;
    END;
    IF size IS NULL OR size NOT BETWEEN 24 AND 64 THEN
      RAISE EXCEPTION 'a secret must be "whsec_" and base64 of 24 to 64 bytes' USING ERRCODE = 'invalid_parameter_value',
        HINT = 'Make one with: echo whsec_$(openssl rand -base64 32)';
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION threefactor_private.check_on_dead(on_dead text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF on_dead IS NULL OR on_dead NOT IN ('block', 'skip') THEN
    RAISE EXCEPTION 'on_dead must be "block" or "skip"' USING ERRCODE = 'invalid_parameter_value';
  END IF;
END $$;

-- Warns of what would keep every event from being posted to the webhook, as server and settings are now: an environment variable that is not
-- set or not allowed, an address that is denied. Looks up no name. The name of a one-off event is null.
CREATE FUNCTION threefactor_private.warn_of_webhook(event_trigger text, webhook text, variables text[]) RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_warn_of_webhook';
CREATE FUNCTION threefactor_private.warn_of_delivery(event_trigger text, wanted threefactor.definition) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor_private.warn_of_webhook(event_trigger, wanted.webhook, ARRAY(
    SELECT value ->> 'env' FROM jsonb_each(wanted.headers) WHERE jsonb_typeof(value) = 'object' ORDER BY key));
  IF wanted.error_webhook IS NOT NULL THEN
    PERFORM threefactor_private.warn_of_webhook(event_trigger || '/error', wanted.error_webhook, '{}');
  END IF;
END $$;
