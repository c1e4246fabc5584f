-- What the writers of the soak write. An entry is never written twice; an account counts its ordered entries without gaps.
CREATE EXTENSION threefactor;
CREATE TABLE account (account integer PRIMARY KEY, changes bigint NOT NULL DEFAULT 0);
INSERT INTO account SELECT generate_series(0, 7);
CREATE TABLE ledger (
  entry   text PRIMARY KEY,
  kind    text NOT NULL,
  account integer NOT NULL,
  number  bigint,
  text    text,
  owner   integer REFERENCES account
);
-- What fails a row after it was captured: a query (of the foreign key), or none.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused' USING ERRCODE = 'TF000'; END $$;
CREATE TRIGGER refuse AFTER INSERT ON ledger FOR EACH ROW WHEN (NEW.account < 0) EXECUTE FUNCTION refuse();
