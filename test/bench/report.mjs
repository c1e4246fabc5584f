// node report.mjs DIR REPS SECS [NOTE]: the report, in Markdown, of DIR/rows.tsv and DIR/samples.tsv. A ratio is the median of the
// ratios within each repetition, where both were measured one after the other.
import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const [directory, reps, secs, note] = process.argv.slice(2);
const table = (file) =>
  readFileSync(`${directory}/${file}`, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));

const samples = new Map(); // key, variant -> values by repetition
for (const [key, variant, repetition, value] of table('samples.tsv')) {
  const name = `${key} ${variant}`;
  if (value === '' || Number.isNaN(Number(value))) continue;
  samples.set(name, (samples.get(name) ?? new Map()).set(repetition, Number(value)));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
function figures(values, digits) {
  const all = [...values];
  const [low, high] = [Math.min(...all), Math.max(...all)].map((value) => value.toFixed(digits));
  return { median: median(all), text: `${median(all).toFixed(digits)} [${low}-${high}]` };
}
function verdict(value, goal) {
  const [, sign, limit] = goal?.match(/^([<>])= ([\d.]+)/) ?? [];
  if (!sign) return '';
  return (sign === '<' ? value <= Number(limit) : value >= Number(limit)) ? 'yes' : 'NO';
}

function cells([key, title, variant, reference, unit, digits, goal]) {
  const ours = samples.get(`${key} ${variant}`);
  const theirs = samples.get(`${key} ${reference}`);
  if (!ours || (reference && !theirs)) return [title, 'not run', '', '', goal ?? '', ''];
  const measured = figures(ours.values(), digits);
  if (!reference) return [title, `${measured.text} ${unit}`, '', '', goal ?? '', verdict(measured.median, goal)];
  const ratio = figures([...ours].filter(([r]) => theirs.has(r)).map(([r, value]) => value / theirs.get(r)), 2);
  const compared = figures(theirs.values(), digits);
  return [title, `${measured.text} ${unit}`, `${compared.text} ${unit}`, ratio.text, goal ?? '', verdict(ratio.median, goal)];
}

const lines = [['what', 'measured', 'compared with', 'ratio', 'goal', 'met'], ...table('rows.tsv').map(cells)];
const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
const print = (line) => console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);

const run = (command) => execSync(command, { encoding: 'utf8' }).trim();
console.log(`# Threefactor bench, ${new Date().toISOString().slice(0, 16)} UTC\n`);
console.log(`Medians of ${reps} alternating repetitions of ${secs} s, ${note || 'without BENCH'}; [lowest-highest].`);
console.log(`Machine: ${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${run('uname -r')}, ${run(`${directory}/cluster/tree/bin/postgres --version`)}.`);
console.log('Load generators, servers and databases share these cores.');
for (const line of readFileSync(`${directory}/load`, 'utf8').trim().split('\n')) console.log(line);
console.log('');
print(lines[0]);
print(widths.map((width) => '-'.repeat(width)));
lines.slice(1).forEach(print);
