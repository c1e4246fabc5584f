// Writes extension/REFERENCE.md to the standard output: what a database of DATABASE_URL with the extension says about the functions, views
// and settings of it, by its catalogs and COMMENTs. Fails for a comment that describes an argument that there is not.
import { pg } from '../clients/clients.mjs';

const kWidth = 120;
const kRoles = ['threefactor_admin', 'threefactor_monitor', 'threefactor_gateway', 'threefactor_handler'];

// The functions by subject. One that is in no list is listed with the metadata of the GraphQL API, where most new ones belong.
const kSubjects = [
  ['Event triggers', 'create_event_trigger alter_event_trigger drop_event_trigger pause resume'],
  ['Events and deliveries', 'emit invoke redeliver discard accept delivery_key'],
  ['Schedules', 'schedule alter_schedule schedule_once unschedule next_tick'],
  ['Copies and moves', 'adopt set_aside this_database'],
  ['Rights', 'claim require_claims explain_rights roles_losing_rows'],
  ['Metadata of the GraphQL API', null],
  [
    'Functions that the gateway calls',
    'watch changes metadata find_relation check_relation add_relationship allow_manual invoke_manually delete_event_trigger ' +
      'check_functions note_dependents check_dependents',
  ],
  ['Functions that row triggers call', 'capture begin_condition end_condition'],
  ['JSON text', 'object list'],
].map(([title, names]) => ({ title, names: names?.split(' ') }));
const kParts = ['append', 'finish']; // of the aggregate threefactor_json.list

// The SQLSTATEs of the extension's own.
const kErrors = [
  ['TFCFG', 'The configuration is not valid: an unknown key, a wrong type, a name that GraphQL does not allow.'],
  ['TFDEN', 'There is no such permission.'],
  ['TFDEP', 'Something else depends on it; `cascade` takes that with it.'],
  ['TFEXI', 'A field or permission of that name exists already.'],
  ['TFINC', 'The metadata would contradict itself or the database.'],
  ['TFNEX', 'There is no such function, column, relationship or computed field.'],
  ['TFNSP', 'It is not supported.'],
  ['TFTAB', 'There is no such table or view.'],
  ['TFTRK', 'It is tracked already.'],
  ['TFVAR', 'The session has no such variable.'],
  ['TFUNT', 'It is not tracked.'],
];

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const rows = async (text, ...parameters) => (await client.query(text, parameters)).rows;
await client.query('CREATE EXTENSION IF NOT EXISTS threefactor');

const { functions, types, views, settings } = {
  functions: await rows(
    `SELECT p.oid::regprocedure::text AS identity, n.nspname AS schema, p.proname AS name, p.prokind = 'p' AS is_procedure,
            CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END AS result, obj_description(p.oid, 'pg_proc') AS comment,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'type', format_type(a.type, NULL),
                      'default', pg_get_function_arg_default(p.oid, a.place::integer)) ORDER BY a.place), '[]')
               FROM unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes)
                    WITH ORDINALITY AS a (name, type, mode, place) WHERE coalesce(a.mode, 'i') IN ('i', 'v', 'b')) AS arguments,
            pg_get_function_arguments(p.oid) AS all_arguments,
            EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') OR p.proacl IS NULL AS is_public,
            ARRAY(SELECT r FROM unnest($1::text[]) AS r WHERE has_function_privilege(r, p.oid, 'EXECUTE')) AS roles
       FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE n.nspname IN ('threefactor', 'threefactor_json') AND NOT (n.nspname = 'threefactor_json' AND p.proname = ANY ($2))
      ORDER BY p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C" DESC`,
    kRoles,
    kParts,
  ),
  types: await rows(
    `SELECT t.typname AS name, obj_description(t.oid, 'pg_type') AS comment FROM pg_type AS t
      WHERE t.typnamespace = 'threefactor'::regnamespace AND obj_description(t.oid, 'pg_type') IS NOT NULL ORDER BY t.typname COLLATE "C"`,
  ),
  views: await rows(
    `SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
            ARRAY(SELECT r FROM unnest($1::text[]) AS r WHERE has_table_privilege(r, c.oid, 'SELECT')) AS roles,
            (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                      'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
               FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
       FROM pg_class AS c WHERE c.relnamespace = 'threefactor'::regnamespace AND c.relkind = 'v' ORDER BY c.relname COLLATE "C"`,
    kRoles,
  ),
  settings: await rows(
    `SELECT name, unit, vartype, context, boot_val, CASE WHEN setting = boot_val THEN current_setting(name) ELSE boot_val END AS shown, min_val, max_val, enumvals, short_desc, extra_desc
       FROM pg_settings WHERE name LIKE 'threefactor.%' ORDER BY name COLLATE "C"`,
  ),
};
await client.end();

const lines = [];
const wrap = (text, indent = '') => {
  let line = '';
  for (const word of text.match(/(`[^`]*`|[^\s`])+/g)) {
    if (line !== '' && line.length + 1 + word.length > kWidth) {
      lines.push(line);
      line = indent + word;
    } else line += (line === '' || line === indent ? '' : ' ') + word;
  }
  lines.push(line);
};
const blank = () => lines.push('');
const escape = (text) => text.replace(/[*<|]/g, '\\$&');
const paragraph = (text) => {
  wrap(text);
  blank();
};
const anchor = (title) => title.toLowerCase().replace(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-');
const readableDefault = (value) => (value === 'NULL' || /^NULL::/.test(value) ? 'null' : value.replace(/::[a-z_. ]+(\[\])?$/, ''));
const readableType = (type) => type.replaceAll('timestamp with time zone', 'timestamptz').replaceAll('threefactor.payload', 'payload');

function description(comment, members, what) {
  const items = new Map();
  for (const part of comment.split('\n')) {
    const item = /^- (\w+): (.*)$/.exec(part);
    if (item) items.set(item[1], item[2]);
  }
  for (const name of items.keys()) {
    if (!members.some((member) => member.name === name)) throw new Error(`the comment of ${what} describes "${name}", which it does not have`);
  }
  if (items.size > 0) {
    for (const { name } of members) if (!items.has(name)) throw new Error(`the comment of ${what} does not describe "${name}"`);
  }
  return items;
}

function writeFunction(entry, others) {
  const { schema, name, comment } = entry;
  lines.push(`### ${name}`);
  blank();
  lines.push('```text');
  for (const each of [entry, ...others]) {
    const given = each.arguments.map(({ name: argument, type, default: value }) =>
      type === '"any"' ? 'template text, value ...' : `${argument} ${readableType(type)}${value === null ? '' : ` = ${readableDefault(value)}`}`,
    );
    const called = `${each.is_procedure ? 'CALL ' : ''}${schema}.${name}`;
    const out = each.result === 'record' ? `(${each.all_arguments.replaceAll('OUT ', '')})` : each.result;
    const result = out === null || out === 'void' ? '' : ` -> ${readableType(out)}`;
    const whole = `${called}(${given.join(', ')})${result}`;
    if (whole.length <= kWidth) lines.push(whole);
    else {
      const most = Math.max(...given.map((argument) => argument.indexOf(' ')));
      lines.push(`${called}(`);
      given.forEach((argument, index) => {
        const space = argument.indexOf(' ');
        lines.push(`  ${argument.slice(0, space).padEnd(most)}${argument.slice(space)}${index + 1 < given.length ? ',' : ''}`);
      });
      lines.push(`)${result}`);
    }
  }
  lines.push('```');
  blank();
  const items = description(comment, entry.arguments, name);
  let within = false;
  for (const part of comment.split('\n')) {
    const item = /^- (\w+): (.*)$/.exec(part);
    if (within && !item) blank();
    within = item !== null;
    if (item) wrap(`- \`${item[1]}\`: ${escape(items.get(item[1]))}`, '  ');
    else paragraph(escape(part));
  }
  if (within) blank();
  for (const other of others) if (!other.comment.startsWith('The same')) throw new Error(`${other.identity} needs "The same as ..." as its comment`);
  const who = entry.is_public ? 'every role' : entry.roles.length > 0 ? entry.roles.map((role) => `\`${role}\``).join(', ') : 'the owner of the database';
  paragraph(`May be called by: ${who}.`);
}

const inSubjects = new Set(kSubjects.flatMap(({ names }) => names ?? []));
const chosen = ({ names }, { name }) => (names ? names.includes(name) : !inSubjects.has(name));

paragraph('# Reference of the extension: functions, views, settings, errors');
paragraph(
  'A running server writes this page, from its catalogs: `test/support/check_sql_reference.sh --update`. What event triggers and schedules do is described ' +
    'in [EVENT_TRIGGERS.md](EVENT_TRIGGERS.md), roles and their privileges in [OPERATIONS.md](OPERATIONS.md).',
);
for (const { title } of kSubjects) lines.push(`- [${title}](#${anchor(title)})`);
for (const title of ['Types', 'Views', 'Settings', 'Errors']) lines.push(`- [${title}](#${anchor(title)})`);
blank();
for (const subject of kSubjects) {
  lines.push(`## ${subject.title}`);
  blank();
  const listed = functions.filter((entry) => chosen(subject, entry));
  if (subject.names) listed.sort((a, b) => subject.names.indexOf(a.name) - subject.names.indexOf(b.name));
  for (const name of new Set(listed.map((entry) => entry.name))) {
    const [first, ...others] = listed.filter((entry) => entry.name === name).sort((a, b) => a.comment.startsWith('The same') - b.comment.startsWith('The same'));
    writeFunction(first, others);
  }
}

lines.push('## Types');
blank();
for (const { name, comment } of types) {
  lines.push(`### ${name}`);
  blank();
  paragraph(escape(comment));
}

lines.push('## Views');
blank();
for (const { name, comment, roles, columns } of views) {
  lines.push(`### ${name}`);
  blank();
  paragraph(escape(comment));
  for (const column of columns) {
    if (!column.comment) throw new Error(`the column ${name}.${column.name} has no comment`);
    wrap(`- \`${column.name}\` (${readableType(column.type)}): ${escape(column.comment)}`, '  ');
  }
  blank();
  paragraph(`May be read by: ${roles.map((role) => `\`${role}\``).join(', ')}.`);
}

lines.push('## Settings');
blank();
paragraph(
  'Settings stand in `postgresql.conf`, or are set by `ALTER SYSTEM`. *Reload*: a change takes effect after `SELECT pg_reload_conf()`. *Restart*: after a ' +
    'restart of the server. *Superuser*: at once, also by `SET`, `ALTER DATABASE ... SET` and `ALTER ROLE ... SET` of a superuser.',
);
const kContexts = { sighup: 'reload', postmaster: 'restart', superuser: 'superuser' };
const kUnits = { kB: 'kB', MB: 'MB', ms: 'milliseconds', s: 'seconds' };
for (const { name, unit, vartype, context, boot_val, shown, min_val, max_val, enumvals, short_desc, extra_desc } of settings) {
  lines.push(`### ${name}`);
  blank();
  paragraph(escape([short_desc, extra_desc].filter(Boolean).join(' ')));
  const value = boot_val === '' ? 'empty' : shown.split(', ').map((part) => `\`${part}\``).join(', ');
  wrap(`- Type: ${vartype}${unit ? `, in ${kUnits[unit] ?? unit} without a unit` : ''}`, '  ');
  wrap(`- Default: ${value}`, '  ');
  if (min_val !== null) lines.push(`- Allowed: from ${min_val} to ${max_val}`);
  if (enumvals) lines.push(`- Allowed: ${enumvals.join(', ')}`);
  lines.push(`- Takes effect: ${kContexts[context] ?? context}`);
  blank();
}

lines.push('## Errors');
blank();
paragraph('Errors are named by their condition, as in the manual of PostgreSQL, appendix A. Those of the extension have these SQLSTATEs:');
lines.push('| SQLSTATE | meaning |', '| --- | --- |');
for (const [state, meaning] of kErrors) lines.push(`| \`${state}\` | ${meaning} |`);

process.stdout.write(`${lines.join('\n').trimEnd()}\n`);
