-- $
UPDATE "public"."kinds" AS _0 SET "small" = _0."small" OPERATOR(pg_catalog.+) ($1)::smallint, "big" = _0."big" OPERATOR(pg_catalog.+) ($2)::bigint, "f4" = _0."f4" OPERATOR(pg_catalog.+) ($3)::real, "f8" = _0."f8" OPERATOR(pg_catalog.+) ($4)::double precision, "num" = _0."num" OPERATOR(pg_catalog.+) ($5)::numeric, "price" = _0."price" OPERATOR(pg_catalog.+) ($6)::numeric, "cash" = _0."cash" OPERATOR(pg_catalog.+) ($7)::pg_catalog.money, "rank" = _0."rank" OPERATOR(pg_catalog.+) ($8)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($9)::integer RETURNING threefactor_json.object('{"small":%v,"big":%v,"f4":%v,"f8":%v,"num":%v,"price":%v,"cash":%v,"rank":%v}', _0."small", _0."big", _0."f4", _0."f8", _0."num", _0."price", pg_catalog.to_json(_0."cash"), _0."rank");
-- $1 = 1
-- $2 = 1
-- $3 = 1.5
-- $4 = 2
-- $5 = 1
-- $6 = -1.5
-- $7 = 1
-- $8 = 2
-- $9 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.||) ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', (_0."doc" OPERATOR(pg_catalog.#>) ($3)::pg_catalog.text[]));
-- $1 = {"n":1}
-- $2 = 1
-- $3 = {"n"}
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb OPERATOR(pg_catalog.||) _0."doc" WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"n":%v,"m":%v}', (_0."doc" OPERATOR(pg_catalog.#>) ($3)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($4)::pg_catalog.text[]));
-- $1 = {"n":2,"m":3}
-- $2 = 1
-- $3 = {"n"}
-- $4 = {"m"}
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.-) ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = tags
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.#-) ($1)::pg_catalog.text[] WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = {"a","b","-1"}
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = [1,2,3]
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.-) ($1)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = -1
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "short" = ($1)::character varying, "small" = _0."small" OPERATOR(pg_catalog.+) ($2)::smallint, "doc" = _0."doc" OPERATOR(pg_catalog.||) ($3)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($4)::integer RETURNING threefactor_json.object('{"doc":%v,"short":%v,"small":%v}', _0."doc", _0."short", _0."small");
-- $1 = s
-- $2 = 1
-- $3 = 4
-- $4 = 1
