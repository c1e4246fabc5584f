-- accept: true for the first transaction that commits with a key.
\set SHOW_CONTEXT never
SELECT threefactor.accept('a'), threefactor.accept('a');
SELECT threefactor.accept('"a"') AS quoted, threefactor.accept('"b"') AS other, threefactor.accept('b') AS bare;
BEGIN;
SELECT threefactor.accept('c');
SAVEPOINT s;
SELECT threefactor.accept('d');
ROLLBACK TO s;
SELECT threefactor.accept('d') AS after_rollback_to, threefactor.accept('c') AS still;
ROLLBACK;
SELECT threefactor.accept('c') AS after_rollback;

-- Whatever partition a transaction holds for the current one, it meets the others.
TRUNCATE threefactor.accepted;
INSERT INTO threefactor.accepted SELECT p, 'from pair ' || pair FROM generate_series(0, 2) AS pair, unnest(ARRAY[pair, (pair + 1) % 3]) AS p;
SELECT pair, threefactor.accept('from pair ' || pair) FROM generate_series(0, 2) AS pair;

SELECT threefactor.accept(NULL);
SELECT threefactor.accept('');
SELECT threefactor.accept(repeat('x', 256));
SELECT threefactor.accept(repeat('x', 255));

-- For members of threefactor_handler, who can do nothing else.
CREATE ROLE regress_handler IN ROLE threefactor_handler;
CREATE ROLE regress_nobody;
SET ROLE regress_handler;
SELECT threefactor.accept('handler');
SELECT count(*) FROM threefactor.accepted;
SELECT threefactor.invoke('x', '{}');
SET ROLE regress_nobody;
SELECT threefactor.accept('nobody');
RESET ROLE;
DROP ROLE regress_handler, regress_nobody;
