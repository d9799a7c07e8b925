// Simulated shifts of the phone's queue with a fake server, without a browser: signal cut before and after the server heard,
// the app killed at any await, two tabs at once, wrong and moved clocks, other people on the same phone, photos in parts,
// a full disk, a server that restarts. Every act must be in the server's ledger once, in order, for who did it, when it was.
"use strict";
(function (root, make) { if (typeof module === "object" && module.exports) module.exports = make(require(process.env.QUEUE_JS)); else root.YingxuShifts = make(root.YingxuQueue); })(globalThis, function ({ Queue, Away, PART }) {
  const random = (seed) => () => { seed |= 0; seed = (seed + 0x6d2b79f5) | 0; let t = Math.imul(seed ^ (seed >>> 15), 1 | seed); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
  class Killed extends Error {}

  // What a phone keeps: all or nothing, in order; gone only when it says so.
  class Disk {
    constructor() { this.acts = []; this.photos = new Map(); this.kept = new Map(); this.seq = 0; this.full = false; }
    async append(row, blobs) {
      if (this.full && blobs.length) { const error = new Error("full"); error.name = "QuotaExceededError"; throw error; }
      for (const { sha256, blob } of blobs) this.photos.set(sha256, blob);
      this.acts.push(JSON.parse(JSON.stringify({ ...row, seq: (this.seq += 1) })));
    }
    async all() { return JSON.parse(JSON.stringify(this.acts)); }
    async patch(id, changes) { this.acts = this.acts.map((row) => (row.id === id ? { ...row, ...JSON.parse(JSON.stringify(changes)) } : row)); }
    async remove(id, shas) {
      this.acts = this.acts.filter((row) => row.id !== id);
      const named = new Set(this.acts.flatMap((row) => (row.said.photos || []).map((photo) => photo.sha256)));
      for (const sha of shas) if (!named.has(sha)) this.photos.delete(sha);
    }
    async blob(sha) { return this.photos.get(sha); }
    async get(key) { return this.kept.get(key); }
    async set(key, value) { if (value === undefined) this.kept.delete(key); else this.kept.set(key, value); }
  }
  // A tab on that disk: after it is killed nothing more is written by it.
  const tab = (disk, life) => new Proxy(disk, { get: (target, name) => (typeof target[name] === "function" ? async (...values) => { if (life.dead) throw new Killed(); return target[name](...values); } : target[name]) });

  class Server {
    constructor(chance) { this.chance = chance; this.ledger = []; this.done = new Map(); this.aside = new Map(); this.files = new Map(); this.kept = new Set(); this.session = ""; }
    sync(batch, now) {
      if (batch.account !== this.session) throw new Away("signed-out", 403);
      const results = [];
      for (const one of batch.commands) {
        const key = `${batch.account} ${one.id}`;
        if (this.done.has(key)) { results.push({ id: one.id, result: this.aside.get(key) || "already" }); continue; }
        if ((one.said.photos || []).some((photo) => !this.kept.has(photo.sha256))) { results.push({ id: one.id, result: "photos" }); break; }
        const age = batch.sent_at - one.device_at, happened = one.offset_ms === null ? now - age : one.device_at + one.offset_ms;
        this.done.set(key, true);
        // some acts meet a job that moved on: set aside, and answered the same way ever after
        if (one.said.fate === "conflict") this.aside.set(key, "conflict");
        this.ledger.push({ account: batch.account, id: one.id, n: one.said.n, happened: Math.min(happened, now), fate: one.said.fate || "done", lost: (one.said.lost || []).length });
        results.push({ id: one.id, result: this.aside.get(key) || "done" });
      }
      return { now, results };
    }
    received(sha) { return { n_bytes: this.kept.has(sha) ? 0 : (this.files.get(sha) || 0), is_kept: this.kept.has(sha) }; }
    part(sha, from, size, bytes) {
      if (this.kept.has(sha)) return this.received(sha);
      const known = this.files.get(sha) || 0;
      if (from !== known) throw new Away("misplaced", 409);
      this.files.set(sha, known + bytes.size);
      if (known + bytes.size >= size) { this.kept.add(sha); this.files.delete(sha); }
      return this.received(sha);
    }
  }

  async function shift(seed) {
    const chance = random(seed), pick = (n) => Math.floor(chance() * n), disk = new Disk(), server = new Server(chance);
    const people = ["王", "陈"];
    let time = 1e12, skew = (pick(7) - 3) * 3600000, moved = false, who = people[0], wasCut = false, n = 0, ids = 0;
    server.session = who;
    const wifi = { on: true, bad: 0 };
    const did = [];
    const network = (call) => async (...values) => {
      await null;
      if (!wifi.on || chance() < wifi.bad / 2) throw new Away("offline");
      const answer = call(...values);
      await null;
      if (chance() < wifi.bad / 2) throw new Away("offline"); // it was heard, the answer is lost
      return JSON.parse(JSON.stringify(answer));
    };
    const transport = { sync: network((batch) => server.sync(JSON.parse(JSON.stringify(batch)), time)), received: network((sha) => server.received(sha)), part: network((sha, from, size, bytes) => server.part(sha, from, size, bytes)) };
    const life = () => ({ dead: false });
    let alive = life();
    const open = () => new Queue({ store: tab(disk, alive), transport, now: () => time + skew, id: () => `${seed}-${(ids += 1)}`.padStart(12, "0") });
    let queue = open();
    const drain = () => queue.drain(who, async () => { if (chance() < 0.03) { alive.dead = true; throw new Killed(); } }).catch((error) => { if (!(error instanceof Killed)) throw error; });
    const n_acts = 10 + pick(30);
    for (let turn = 0; did.length < n_acts || turn < n_acts; turn += 1) {
      time += 1000 + pick(600000);
      wifi.on = chance() > 0.45; wifi.bad = chance() < 0.5 ? 0.4 : 0;
      const what = chance();
      if (what < 0.06) { alive.dead = true; alive = life(); queue = open(); } // the app was killed and opened again
      else if (what < 0.1) { who = people[pick(2)]; server.session = chance() < 0.8 ? who : server.session; }
      else if (what < 0.12) { skew += (pick(5) - 2) * 1800000; moved = true; }
      else if (what < 0.14) { server.kept = new Set([...server.kept].filter(() => chance() < 0.9)); } // a server that lost a draft
      disk.full = chance() < 0.05;
      if (did.length < n_acts) {
        const photos = chance() < 0.25 ? [{ sha256: `p${seed}-${n}`, n_bytes: 1 }] : [];
        const blobs = photos.map(({ sha256 }) => { const size = 1 + pick(4 * PART); return { sha256, blob: { size, slice: (from, to) => ({ size: Math.max(0, Math.min(size, to) - from) }) } }; });
        try {
          if (alive.dead) { alive = life(); queue = open(); }
          const row = await queue.add(who, "act", "job", { n: (n += 1), photos, fate: chance() < 0.1 ? "conflict" : "done" }, blobs);
          did.push({ who, id: row.id, n, time, moved });
        } catch (error) { if (error.name !== "QuotaExceededError") throw error; n -= 0; }
      }
      if (server.session === who || chance() < 0.2) {
        const both = [drain()];
        if (chance() < 0.2) both.push(drain()); // two tabs, no lock between them
        await Promise.all(both);
      }
      if (alive.dead) { alive = life(); queue = open(); }
    }
    // the day ends with a signal: everybody signs in once more
    wifi.on = true; wifi.bad = 0; disk.full = false;
    for (const one of people) {
      who = server.session = one;
      for (let tries = 0; tries < 60 && (await queue.rows(who)).length; tries += 1) { await drain(); if (alive.dead) { alive = life(); queue = open(); } }
    }
    const faults = [];
    if (disk.acts.length) faults.push(`${disk.acts.length} acts never left the phone`);
    if (disk.photos.size) faults.push(`${disk.photos.size} photos left behind`);
    for (const one of people) {
      const mine = did.filter((act) => act.who === one), theirs = server.ledger.filter((entry) => entry.account === one);
      if (JSON.stringify(mine.map((act) => act.id)) !== JSON.stringify(theirs.map((entry) => entry.id))) faults.push(`${one}: did ${mine.map((act) => act.n)}, ledger ${theirs.map((entry) => entry.n)}`);
      theirs.forEach((entry, at) => { const act = mine[at]; if (act && !moved && Math.abs(entry.happened - act.time) > 1000) faults.push(`act ${act.n} moved by ${entry.happened - act.time} ms`); if (entry.lost) faults.push(`act ${entry.n} lost a photo`); });
    }
    return { seed, n: did.length, faults };
  }

  async function shifts(first, count) {
    let n = 0;
    const faults = [];
    for (let seed = first; seed < first + count; seed += 1) {
      const told = await shift(seed);
      n += told.n;
      if (told.faults.length) faults.push(`shift ${seed}: ${told.faults.join("; ")}`);
    }
    return { shifts: count, acts: n, faults: faults.slice(0, 5), n_faults: faults.length };
  }
  return { shift, shifts };
});
if (typeof require === "function" && require.main === module) module.exports.shifts(Number(process.argv[2]), Number(process.argv[3])).then((told) => console.log(JSON.stringify(told)));
