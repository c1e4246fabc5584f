-- Private. What create_event_trigger and its like demand of their arguments. Each raises what is wrong, and what to write instead.

-- One member of a retry rule: a number between two bounds, or the default.
CREATE FUNCTION threefactor.retry_number(
    retry jsonb, key text, otherwise numeric, lowest numeric, highest numeric, whole boolean) RETURNS numeric
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given jsonb := retry -> key;
BEGIN
  IF given IS NULL OR given = 'null' THEN
    RETURN otherwise;
  END IF;
  IF jsonb_typeof(given) <> 'number' OR given::numeric NOT BETWEEN lowest AND highest
     OR (whole AND given::numeric <> trunc(given::numeric)) THEN
    RAISE EXCEPTION 'retry: "%" must be a %number from % to %', key, CASE WHEN whole THEN 'whole ' ELSE '' END, lowest, highest
      USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It is %s.', given);
  END IF;
  RETURN given::numeric;
END $$;

-- The retry rule with every member, or an error.
CREATE FUNCTION threefactor.complete_retry(retry jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
  backoff text := coalesce(retry ->> 'backoff', 'exponential');
  statuses jsonb := nullif(retry -> 'statuses', 'null');
BEGIN
  IF jsonb_typeof(retry) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'retry must be a JSON object' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example {"attempts": 5, "backoff": "fixed", "interval": 10}.';
  END IF;
  SELECT key INTO unknown FROM jsonb_object_keys(retry) AS key
   WHERE key NOT IN ('attempts', 'backoff', 'interval', 'max_interval', 'timeout', 'statuses') ORDER BY key LIMIT 1;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'retry has no member "%"', unknown USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Members are attempts, backoff, interval, max_interval, timeout and statuses.';
  END IF;
  IF backoff NOT IN ('exponential', 'fixed') THEN
    RAISE EXCEPTION 'retry: "backoff" must be "exponential" or "fixed"' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF statuses IS NOT NULL AND (jsonb_typeof(statuses) <> 'array' OR EXISTS (
       SELECT FROM jsonb_array_elements(statuses) AS status
        WHERE jsonb_typeof(status) <> 'number' OR status::text !~ '^[1-5][0-9][0-9]$')) THEN
    RAISE EXCEPTION 'retry: "statuses" must be a list of HTTP statuses' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example [408, 429, 500, 502, 503, 504].';
  END IF;
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'attempts', threefactor.retry_number(retry, 'attempts', 10, 1, 1000, true),
    'backoff', backoff,
    'interval', threefactor.retry_number(retry, 'interval', 1, 0, 86400, false),
    'max_interval', threefactor.retry_number(retry, 'max_interval', 3600, 0, 604800, false),
    'timeout', threefactor.retry_number(retry, 'timeout', 60, 0.001, 1800, false),
    'statuses', statuses));
END $$;

-- Raises unless the webhook may be a URL: {{NAME}} stands for an environment variable of the server.
CREATE FUNCTION threefactor.check_webhook(webhook text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF webhook IS NULL OR webhook = '' THEN
    RAISE EXCEPTION 'an event trigger needs a webhook' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Give the URL that events are posted to.';
  END IF;
  IF webhook !~ '^(https?://|\{\{[A-Za-z_][A-Za-z0-9_]*\}\})' OR webhook ~ '[[:space:][:cntrl:]]'
     OR regexp_replace(webhook, '\{\{[A-Za-z_][A-Za-z0-9_]*\}\}', '', 'g') ~ '[{}]' THEN
    RAISE EXCEPTION 'webhook "%" is not an http or https URL', webhook USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Write http://..., https://..., or {{NAME}}... with the name of an environment variable.';
  END IF;
END $$;

-- Raises unless every header has a name, and a value or the name of an environment variable.
CREATE FUNCTION threefactor.check_headers(headers jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  header record;
BEGIN
  IF jsonb_typeof(headers) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'headers must be a JSON object' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example {"X-Key": "value", "X-Token": {"env": "WEBHOOK_TOKEN"}}.';
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
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
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
  IF NOT pg_catalog.pg_has_role(class.relowner, 'USAGE') THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT name INTO missing FROM unnest(columns) AS name
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
                      WHERE attrelid = relation AND attname = name AND attnum > 0 AND NOT attisdropped)
   ORDER BY name NULLS FIRST LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'table "%" has no column "%"', class.relname, missing USING ERRCODE = 'undefined_column';
  END IF;
END $$;

-- Raises unless it can be a topic: a word in URLs and headers without quoting.
CREATE FUNCTION threefactor.check_topic(topic text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF topic IS NULL OR topic !~ '^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,126}$' THEN
    RAISE EXCEPTION '"%" is not a name for a topic', topic USING ERRCODE = 'invalid_name',
      HINT = 'A letter, digit or underscore, then also . : / -, up to 127 characters.';
  END IF;
END $$;

-- Raises unless every secret is whsec_ and base64 of 24 to 64 bytes (Standard Webhooks 1.0.0). The secret itself is not told.
CREATE FUNCTION threefactor.check_secrets(secrets text[]) RETURNS void
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
