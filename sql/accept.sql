-- accept: the guard of a handler that keeps a connection. The idempotency keys that have been accepted, a ring of three partitions.
-- Each key is written into two of them, the current one and the next; any two of the three pairs have a partition in common, so
-- whoever comes second finds the key (or waits for whoever is writing it), whatever partition either holds for the current one.
-- The third partition is emptied by the worker, by TRUNCATE. A partition is the current one for threefactor.accept_retention.
-- Why so: extension/delivery/DECISIONS.md.
CREATE TABLE threefactor.accepted (
  partition       smallint NOT NULL,
  idempotency_key text     NOT NULL,
  PRIMARY KEY (partition, idempotency_key)
) PARTITION BY LIST (partition);

CREATE TABLE threefactor.accepted_0 PARTITION OF threefactor.accepted FOR VALUES IN (0);
CREATE TABLE threefactor.accepted_1 PARTITION OF threefactor.accepted FOR VALUES IN (1);
CREATE TABLE threefactor.accepted_2 PARTITION OF threefactor.accepted FOR VALUES IN (2);

-- Private. The current partition.
CREATE FUNCTION threefactor_private.accept_partition() RETURNS integer
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_accept_partition';

-- True for the first transaction that commits with this key, false for those after it, for at least threefactor.accept_retention;
-- a call while another transaction has accepted the key waits for its end. The key as it is, or in quotes as in the header
-- Idempotency-Key. Its caller needs no right on the table.
CREATE FUNCTION threefactor.accept(idempotency_key text) RETURNS boolean
  LANGUAGE threefactor AS $$
DECLARE
  bare text := coalesce(substring(idempotency_key FROM '^"(.*)"$'), idempotency_key);
  current integer := threefactor_private.accept_partition();
  written integer;
BEGIN
  IF bare IS NULL OR octet_length(bare) NOT BETWEEN 1 AND 255 THEN
    RAISE EXCEPTION 'an idempotency key must have 1 to 255 bytes' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Pass the value of the header Idempotency-Key.';
  END IF;
  INSERT INTO threefactor.accepted VALUES (current, bare), ((current + 1) % 3, bare) ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written = 2;
END $$;
