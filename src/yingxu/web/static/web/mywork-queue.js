// The phone's queue: what a worker did, as commands with their own ids, kept until the server has answered for each.
// No DOM and no network of its own: a store and a transport are handed in, so that the same code runs in tests.
"use strict";
(function (root, make) {
  if (typeof module === "object" && module.exports) module.exports = make(); else root.YingxuQueue = make();
})(typeof globalThis === "object" ? globalThis : this, function () {
  const BATCH = 20, PART = 96 * 1024;

  // A transport throws one of these; anything else it throws counts as no signal.
  class Away extends Error { constructor(why, status) { super(why); this.why = why; this.status = status || 0; } }

  class Queue {
    // store: append all patch remove blob dropBlob get set; transport: sync received part; now() in ms; id(); lock(fn)
    constructor({ store, transport, now, id, lock }) {
      this.store = store; this.transport = transport; this.now = now; this.id = id;
      this.lock = lock || ((work) => work());
    }

    // An act becomes a row before anybody says that it is done. blobs: [{sha256, blob}] go in with it, or neither does.
    async add(account, act, job, said, blobs) {
      const offset = await this.store.get("offset_ms");
      const row = { id: this.id(), account, act, job: job || null, said: said || {}, device_at: this.now(), offset_ms: offset === undefined ? null : offset, sent: false, stuck: "" };
      await this.store.append(row, blobs || []);
      return row;
    }

    async rows(account) { return (await this.store.all()).filter((row) => row.account === account); }
    // Whose acts wait on this phone, besides the account's own.
    async others(account) { return (await this.store.all()).filter((row) => row.account !== account); }

    // Send what waits, in order, once. Answers {left, why}: why is "" or offline, signed-out, server, busy.
    drain(account, heard) {
      return this.lock(async () => {
        let why = "";
        try { await this.sendAll(account, heard || (() => {})); } catch (error) { why = error instanceof Away ? error.why : "offline"; }
        return { left: (await this.rows(account)).length, why };
      });
    }

    async sendAll(account, heard) {
      for (;;) {
        const rows = (await this.rows(account)).filter((row) => !row.stuck);
        if (!rows.length) return;
        const head = this.head(rows);
        if (!head.length) { await this.photos(rows[0]); continue; }
        const answered = await this.send(account, head, heard);
        if (!answered) return; // nothing moved: the next look tries again
      }
    }

    // The rows before the first whose photos are not on the server: what is small goes first, and the order stays.
    head(rows) {
      const stop = rows.findIndex((row) => !row.sent && (row.said.photos || []).length);
      return rows.slice(0, Math.min(BATCH, stop < 0 ? rows.length : stop));
    }

    async send(account, head, heard) {
      const began = this.now();
      let answer;
      try {
        answer = await this.transport.sync({ account, sent_at: began, commands: head.map(({ id, act, job, said, device_at, offset_ms }) => ({ id, act, job, said, device_at, offset_ms })) });
      } catch (error) {
        if (!(error instanceof Away) || error.why !== "malformed") throw error;
        if (head.length > 1) return this.send(account, head.slice(0, 1), heard); // find the one that cannot be read
        await this.store.patch(head[0].id, { stuck: "malformed" });
        return 1;
      }
      await this.clock(answer.now, began, this.now());
      let n = 0;
      for (const result of answer.results) {
        const row = head.find((one) => one.id === result.id);
        if (!row) continue;
        n += 1;
        // the server says that it lacks the photos: they go again, whatever this phone believed
        if (result.result === "photos") { await this.store.patch(row.id, { sent: false }); continue; }
        // heard first: what the server said is on the phone before the act leaves it
        await heard(row, result);
        await this.store.remove(row.id, (row.said.photos || []).map((photo) => photo.sha256));
      }
      return n;
    }

    // How far the phone's clock stands from the server's, from the answer's middle.
    async clock(server, began, ended) {
      if (typeof server !== "number" || ended < began || ended - began > 20000) return;
      // an estimate no better than the one it had is left out: two acts never change places by the network's slowness
      const next = Math.round(server - (began + ended) / 2), known = await this.store.get("offset_ms");
      if (known !== undefined && Math.abs(next - known) <= (ended - began) / 2 + 1000) return;
      // a full disk keeps the offset that it had: sending goes on, and makes room
      try { await this.store.set("offset_ms", next); } catch (error) { if (!error || error.name !== "QuotaExceededError") throw error; }
    }

    // Each photo goes on where the server has it; one that this phone lost is said to be lost, never silently left out.
    async photos(row) {
      const kept = [], lost = [];
      for (const photo of row.said.photos) {
        const blob = await this.store.blob(photo.sha256);
        if (blob) { if (await this.photo(photo.sha256, blob)) kept.push(photo); else lost.push(photo.sha256); } else if ((await this.transport.received(photo.sha256)).is_kept) kept.push(photo); else lost.push(photo.sha256);
      }
      const said = lost.length ? { ...row.said, photos: kept, lost } : row.said;
      await this.store.patch(row.id, { said, sent: true });
    }

    async photo(sha256, blob) {
      let { n_bytes, is_kept } = await this.transport.received(sha256);
      for (let tries = 0; !is_kept; ) {
        const from = n_bytes;
        try {
          ({ n_bytes, is_kept } = await this.transport.part(sha256, from, blob.size, blob.slice(from, from + PART)));
        } catch (error) {
          if (!(error instanceof Away) || !["misplaced", "malformed"].includes(error.why)) throw error;
          if (error.why === "malformed" && (tries += 1) > 2) return false; // not a photo after all
          ({ n_bytes, is_kept } = await this.transport.received(sha256));
        }
        if (!is_kept && n_bytes <= from && (tries += 1) > 5) throw new Away("server");
      }
      return true;
    }
  }

  // SHA-256 (FIPS 180-4) for pages without crypto.subtle: plain HTTP in the house's own network.
  function sha256(bytes) {
    const K = [], H = [];
    for (let n = 2; K.length < 64; n += 1) {
      let prime = true;
      for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
      if (!prime) continue;
      if (H.length < 8) H.push((Math.sqrt(n) % 1) * 4294967296 | 0);
      K.push((Math.cbrt(n) % 1) * 4294967296 | 0);
    }
    const size = ((bytes.length + 72) >> 6) << 6, data = new Uint8Array(size), view = new DataView(data.buffer), w = new Int32Array(64);
    data.set(bytes); data[bytes.length] = 128;
    view.setUint32(size - 8, Math.floor(bytes.length / 536870912)); view.setUint32(size - 4, bytes.length << 3);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < size; at += 64) {
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) { w[i] = view.getInt32(at + i * 4); continue; }
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)) | 0;
      }
      let [a, b, c, d, e, f, g, h] = H;
      for (let i = 0; i < 64; i += 1) {
        const t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i] | 0;
        const t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c)) | 0;
        h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { H[i] = H[i] + value | 0; });
    }
    return H.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  }

  return { Queue, Away, BATCH, PART, sha256 };
});
