-- What the writers of the soak write. An entry is never written twice; an account counts its ordered entries without gaps.
CREATE EXTENSION threefactor;
CREATE TABLE account (account integer PRIMARY KEY, changes bigint NOT NULL DEFAULT 0);
INSERT INTO account SELECT generate_series(0, 7);
CREATE TABLE ledger (
  entry   text PRIMARY KEY,
  kind    text NOT NULL,
  account integer NOT NULL REFERENCES account,  -- fails after the row was captured: capture comes first
  number  bigint,
  text    text
);
