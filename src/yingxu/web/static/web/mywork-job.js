// A job as it stands on the phone: what the server said last, and what was done since. Pure; the server judges again.
"use strict";
(function (root, make) {
  if (typeof module === "object" && module.exports) module.exports = make(); else root.YingxuJob = make();
})(typeof globalThis === "object" ? globalThis : this, function () {
  const NEXT = { accept: "accepted", "set-out": "en_route", arrive: "arrived", start: "in_progress", pause: "paused", resume: "in_progress", finish: "finished", return: "gone", "leave-it": "gone" };
  // act -> the states in which its button stands
  const WHEN = {
    accept: ["dispatched"], "set-out": ["accepted"], arrive: ["accepted", "en_route"], start: ["arrived"],
    safe: ["arrived", "in_progress", "paused"], step: ["arrived", "in_progress"], photo: ["arrived", "in_progress", "paused"],
    pause: ["in_progress"], resume: ["paused"], finish: ["in_progress"], return: ["dispatched", "accepted", "en_route"],
    help: ["accepted", "en_route", "arrived", "in_progress", "paused"], "hand-over": ["accepted", "en_route", "arrived", "in_progress", "paused"],
    "part-take": ["accepted", "en_route", "arrived", "in_progress", "paused"], "load-take": ["arrived", "in_progress"],
  };
  const LACKING = "W1"; // the pause for want of a part

  // quantities are text with up to three places; they are reckoned in thousandths
  const milli = (text) => Math.round(Number(text) * 1000) || 0;
  const plain = (n) => String(n / 1000);

  function may(job, act) {
    if (job.is_hand_over) return act === "take-over" || act === "leave-it";
    return (WHEN[act] || []).includes(job.state);
  }

  // The job after the acts that wait: rows in order.
  function project(job, rows) {
    const now = { ...job, steps: job.steps.map((step) => ({ ...step })), photos: [...job.photos], parts: (job.parts || []).map((one) => ({ ...one })), lacking: [...(job.lacking || [])], load: job.load ? { ...job.load } : null, n_waiting: 0, helped: false, offered: "" };
    for (const row of rows) {
      if (row.job !== job.id) continue;
      now.n_waiting += 1;
      const said = row.said || {};
      if (NEXT[row.act]) now.state = NEXT[row.act];
      if (row.act === "arrive") now.proof = said.code ? (said.by === "camera" ? "qr" : "code") : "none";
      if (row.act === "pause") now.pause = { name: (job.pause_reasons.find(([code]) => code === said.reason_code) || ["", ""])[1], verdict: "asked", until: row.device_at + (row.offset_ms || 0) + said.minutes * 60000 };
      if (row.act.startsWith("part-")) moveParts(now, row, said);
      if (row.act.startsWith("load-") && now.load) moveLoad(now, row.act, said);
      if (row.act === "safe") now.is_safe = true;
      if (row.act === "help") now.helped = true;
      if (row.act === "hand-over") now.offered = said.to;
      if (row.act === "take-over") now.is_hand_over = false;
      if (row.act === "step") {
        const step = now.steps.find((one) => one.code === said.step);
        if (step) step.done = { value: said.value, ok: isGood(step, said.value) };
      }
      if (row.act === "photo") {
        now.photos.push(said.label);
        const step = now.steps.find((one) => one.code === said.label && one.kind === "photo");
        if (step) step.done = { value: [], ok: true };
      }
    }
    return now;
  }

  function moveParts(now, row, said) {
    if (row.act === "part-lack") {
      now.lacking.push({ id: "", part: said.part, name: said.name || "", unit: said.unit || "", quantity: said.quantity, state: "open" });
      // work that goes on rests for want of a part
      if (now.state === "in_progress") { now.state = "paused"; now.pause = { name: (now.pause_reasons.find(([code]) => code === LACKING) || ["", ""])[1], verdict: "", until: row.device_at + (row.offset_ms || 0) + said.hours * 3600000 }; }
      return;
    }
    if (row.act === "part-drop") { now.lacking = now.lacking.filter((one) => one.id !== said.shortage); return; }
    let own = now.parts.find((one) => one.level === said.level);
    if (!own) now.parts.push(own = { level: said.level, used: "0", kept: "0" });
    const n = milli(said.quantity), used = milli(own.used), kept = milli(own.kept);
    if (row.act === "part-take") { own.used = plain(used + n); own.kept = plain(Math.max(0, kept - n)); }
    if (row.act === "part-keep") own.kept = plain(kept + n);
    if (row.act === "part-back") own.used = plain(used - n);
    if (row.act === "part-release") own.kept = "0";
  }

  function moveLoad({ load, steps }, act, said) {
    // taking and giving are the two scans of the procedure
    const node = { "load-take": 0, "load-give": 1 }[act], step = steps.find((one) => node !== undefined && one.code === (load.nodes || [])[node]);
    if (step) step.done = { value: load.patient ? "••••" : said.first, ok: true };
    if (act === "load-take") Object.assign(load, { stage: "carried", delay: "", marks: said.marks || load.marks });
    if (act === "load-give") Object.assign(load, { stage: "given", delay: "" });
    if (act === "load-delay") load.delay = said.reason_code;
    if (act === "load-go-on") load.delay = "";
  }

  // What the shelves have free after the acts that wait: what is kept for a job is not free, whoever takes it.
  function shelvesAfter(shelves, jobs, rows) {
    const before = new Map(), after = new Map();
    const count = (into, job) => { for (const one of job.parts || []) into.set(one.level, (into.get(one.level) || 0) + milli(one.used) + milli(one.kept)); };
    for (const job of jobs) { count(before, job); count(after, project(job, rows)); }
    return shelves.map((row) => ({ ...row, free: plain(Math.max(0, milli(row.free) + (before.get(row.level) || 0) - (after.get(row.level) || 0))) }));
  }

  function isGood(step, value) {
    if (value === null || value === undefined) return false;
    if (step.kind === "tick") return value === true;
    if (step.kind === "number" || step.kind === "meter") return (step.min === null || step.min === undefined || value >= step.min) && (step.max === null || step.max === undefined || value <= step.max);
    return true;
  }

  const answer = (value) => (value === true ? "yes" : value === false ? "no" : value === null || value === undefined ? "" : String(value));
  const isProven = (job) => ["qr", "code", "asker"].includes(job.proof);

  // The steps that are asked, given the answers so far.
  function asked(job) {
    const open = new Set(), values = {};
    for (const step of job.steps) if (step.done) values[step.code] = step.done.value;
    for (const step of job.steps) {
      const on = step.only_if;
      if (!on || (open.has(on.step) && on.is.includes(answer(values[on.step])))) open.add(step.code);
    }
    return job.steps.filter((step) => open.has(step.code) && !(isProven(job) && step.code === "place" && step.kind === "scan"));
  }

  const isDone = (job, step) => Boolean(step.done) || (step.kind === "photo" && job.photos.includes(step.code));

  // What finishing still needs: [{kind, code, text}].
  function missing(job, { cause, minutes } = {}, words = {}) {
    const found = [];
    for (const step of asked(job)) if (step.mandatory && !isDone(job, step)) found.push({ kind: step.kind === "photo" ? "photo" : "step", code: step.code, text: step.text });
    const have = new Set([...job.photos, ...job.steps.filter((step) => step.done).map((step) => step.code)]);
    for (const code of ["before", "after"]) if (job.evidence[code] && !have.has(code) && !found.some((one) => one.code === code)) found.push({ kind: "photo", code, text: words[code] || code });
    if (job.evidence.cause && !cause) found.push({ kind: "field", code: "cause", text: words.cause || "cause" });
    if (job.evidence.minutes && (minutes === null || minutes === undefined)) found.push({ kind: "field", code: "minutes", text: words.minutes || "minutes" });
    return found;
  }

  return { may, project, asked, isDone, isGood, isProven, missing, milli, plain, shelvesAfter };
});
