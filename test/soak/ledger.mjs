// The rules, checked against what the receiver did. Plain data in, violations out.
import { moment } from './moment.mjs';
import { Random } from '../e2e/support/random.mjs';

const kMostSettledAtOnce = 256; // of the worker: answered, and not yet settled

// What the receiver never accepts, so that it must end as a dead letter.
export const isDoomed = (entry) => Random.of(0, entry).below(3) === 0;

export class Ledger {
  constructor({ workers, concurrency, ordered }) {
    this.mostInFlight = workers * (concurrency + kMostSettledAtOnce);
    this.ordered = ordered; // the event triggers that keep the order of each account
    this.deliveries = new Map(); // 'trigger entry' -> {key, body, calls, accepted: when it was posted that was accepted last}
    this.owners = new Map(); // idempotency key -> the delivery that has it
    this.settled = new Map(); // idempotency key -> when the server was seen to have settled it
    this.outages = []; // {what, begin, end}: when what is in flight may be repeated; `undoes`: since when what is committed gets lost
    this.latest = new Map(); // 'trigger account' -> the number that was accepted last
    this.unsure = new Set(); // of these: where a promotion has undone some
    this.violations = [];
    this.accepted = 0;
    this.posts = 0;
    this.repeats = 0;
  }

  violated(rule, detail) {
    this.violations.push(`${rule}: ${detail}`);
  }

  // Something that may repeat what is in flight: noted before it begins, until nothing of it can have an effect any more.
  beginOutage(what) {
    const outage = { what, begin: moment() };
    this.outages.push(outage);
    return outage;
  }

  endOutage(outage) {
    outage.end = moment();
  }

  // One request. In the order of the receiver's journal.
  post(call) {
    const name = `${call.trigger} ${call.entry}`;
    ++this.posts;
    let delivery = this.deliveries.get(name);
    if (!delivery) {
      delivery = { key: call.key, body: call.body, calls: [] };
      this.deliveries.set(name, delivery);
      const owner = this.owners.get(call.key);
      if (owner) this.violated('one key per delivery', `${name} has ${call.key} of ${owner}`);
      this.owners.set(call.key, name);
    }
    delivery.calls.push(call);
    if (delivery.key !== call.key) this.violated('one key per delivery', `${name}: ${delivery.key}, then ${call.key}`);
    if (delivery.body !== call.body) this.violated('one body per delivery', name);
    if (this.settled.get(call.key) < call.posted)
      this.violated('what is settled is not posted again', this.story(name));
    if (delivery.accepted !== undefined) this.repeat(name, delivery, call);
    if (this.ordered.has(call.trigger)) this.keepOrder(name, call);
    if (call.refusal) return;
    if (delivery.accepted === undefined) ++this.accepted;
    delivery.accepted = call.posted;
  }

  repeat(name, delivery, call) {
    ++this.repeats;
    const excused = this.outages.some((outage) => outage.begin <= call.posted && !(outage.end < delivery.accepted));
    if (!excused) this.violated('repeats only after a kill', this.story(name));
  }

  // An account's numbers have no gaps: the next one is posted only when the last was accepted, and none before that again.
  keepOrder(name, call) {
    const queue = `${call.trigger} ${call.account}`;
    const last = this.latest.get(queue) ?? 0;
    const first = this.unsure.delete(queue) ? 1 : last;
    if (call.number < first || call.number > last + 1)
      this.violated('order', `${name} is number ${call.number} of account ${call.account}, after ${last}`);
    this.latest.set(queue, call.refusal ? call.number - 1 : call.number);
  }

  // A promotion has undone some of what was settled, and of what was committed.
  forget() {
    this.settled.clear();
    this.unsure = new Set(this.latest.keys());
  }

  settle(keys) {
    const seen = moment();
    for (const key of keys) if (!this.settled.has(key)) this.settled.set(key, seen);
  }

  // What was done with a delivery, and when.
  story(name) {
    const { calls, key } = this.deliveries.get(name);
    const lines = calls.map(({ posted, attempt, refusal }) => `attempt ${attempt} ${this.when(posted)}: ${refusal ?? 'accepted'}`);
    return [name, ...lines, ...(this.settled.has(key) ? [`settled ${this.when(this.settled.get(key))}`] : [])].join('; ');
  }

  when(at) {
    const before = this.outages.filter((outage) => outage.begin <= at).at(-1);
    const ended = before?.end < at ? `, ${Math.round((at - before.end) / 1000)} ms after its end` : '';
    return before ? `${(at - before.begin) / 1000} ms after the begin of '${before.what}'${ended}` : 'before any outage';
  }

  isAccepted(name) {
    return this.deliveries.get(name)?.accepted !== undefined;
  }

  // `expected`: names of all deliveries of what is committed; `dead`: those among them that are dead letters.
  outstanding(expected, dead) {
    return expected.filter((name) => !this.isAccepted(name) && !dead.has(name));
  }

  // What only the end shows.
  close(expected, dead) {
    for (const name of this.outstanding(expected, dead)) this.violated('committed = delivered', `${name} was not delivered`);
    const committed = new Set(expected);
    for (const [name, { calls }] of this.deliveries) {
      const first = calls[0].posted;
      if (committed.has(name) || this.outages.some(({ undoes, end }) => undoes <= first && first <= end)) continue;
      this.violated('aborted or undone = never posted', this.story(name));
    }
    for (const name of dead) if (!committed.has(name)) this.violated('aborted or undone = never posted', `${name} is a dead letter`);
    for (const name of expected)
      if (name.startsWith('fragile ') && isDoomed(name.slice(8)) && !dead.has(name)) this.violated('dead letters', `${name} is none`);
    const most = this.outages.length * this.mostInFlight;
    if (this.repeats > most) this.violated('repeats are of what was in flight', `${this.repeats} repeats, at most ${most}`);
  }

  // Each rule with its first few violations.
  report() {
    const kinds = new Map();
    for (const violation of this.violations) {
      const rule = violation.slice(0, violation.indexOf(':'));
      kinds.set(rule, [...(kinds.get(rule) ?? []), violation]);
    }
    return [...kinds.values()].map((all) => [...all.slice(0, 5), ...(all.length > 5 ? [`... ${all.length} in all`] : [])].join('\n'));
  }
}
