// My work on the phone: opens from the cache, keeps every act at once, sends when there is a signal, says what waits.
"use strict";
(async () => {
  const { W, h, icon, button, say, clockTime, countdown } = YingxuDraw, { card } = YingxuCard, { defect } = YingxuDefect;
  const { Queue, Away } = YingxuQueue, { project, shelvesAfter } = YingxuJob, store = YingxuStore, at = document.body.dataset;
  const main = document.getElementById("main"), strip = document.getElementById("strip"), notice = document.getElementById("notice"), who = document.getElementById("who");
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
  let account = "", carried = null, rows = [], others = 0, chosen = "", reports = [], seen = [], why = "", isSending = false, isBroken = "", isAdding = false, install = null, csrf = "", ready = false, offset = 0, isFull = false, shelves = [], shelvesAt = 0;
  const SHELVES_MS = 300000;
  const isQuota = (error) => Boolean(error) && error.name === "QuotaExceededError";
  // the server's time as this phone knows it: its own clock may be hours wrong
  const clockNow = () => Date.now() + offset;
  // what can be fetched again may fail to be kept; what was done never goes this way
  const keep = async (key, value) => { try { await store.set(key, value); isFull = false; } catch (error) { if (!isQuota(error)) throw error; isFull = true; } };

  // the network
  const ask = async (address, options = {}) => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined, ...options, headers: { Accept: "application/json", "X-CSRFToken": csrf, ...options.headers } });
    } catch { throw new Away("offline"); }
    if (answer.type === "opaqueredirect") throw new Away("signed-out");
    if (answer.ok) return answer.json();
    const problem = await answer.json().catch(() => ({}));
    if (problem.code === "stale_form") throw new Away("token", 403);
    if (answer.status === 403 || answer.status === 401) throw new Away("signed-out", answer.status);
    if (problem.code === "part_out_of_place") throw new Away("misplaced", answer.status);
    if ([400, 413, 422].includes(answer.status)) throw new Away("malformed", answer.status);
    throw new Away("server", answer.status);
  };
  // the protection token of a page that slept for days is old: ask for another, once
  const post = async (address, options) => {
    if (!csrf) await fetchCarried();
    try { return await ask(address, { method: "POST", ...options }); } catch (error) {
      if (!(error instanceof Away) || error.why !== "token") throw error;
      await fetchCarried();
      return ask(address, { method: "POST", ...options });
    }
  };
  const fileOf = (sha) => at.files.replace("SHA", sha);
  const transport = {
    sync: (batch) => post(at.sync, { body: JSON.stringify(batch), headers: { "Content-Type": "application/json" } }),
    received: (sha) => ask(fileOf(sha)),
    part: (sha, from, size, bytes) => post(`${fileOf(sha)}?from=${from}&size=${size}`, { body: bytes, headers: { "Content-Type": "application/octet-stream" } }),
  };
  let chain = Promise.resolve();
  const lock = (work) => (navigator.locks ? navigator.locks.request("yingxu-queue", work) : (chain = chain.then(work, work)));
  const queue = new Queue({ store, transport, now: () => Date.now(), id: uuid, lock });

  // what the phone carries
  const fetchCarried = async () => {
    const began = Date.now();
    const found = await ask(at.carried);
    csrf = found.csrf;
    await queue.clock(found.now, began, Date.now());
    offset = (await store.get("offset_ms")) || 0;
    // what a person carries goes when another one signs in; what that person did stays until it is sent
    if (account && account !== found.account) await forget(account);
    account = found.account;
    carried = { ...found, csrf: "", kept_at: found.now };
    await keep("account", account);
    await keep(`carried:${account}`, carried);
    reports = found.reports;
    await keep(`reports:${account}`, reports);
    keepHandbook();
    await keepFiles();
    return found;
  };
  // What the stores hold is asked for seldom: on a phone it is an idea, and the store's book decides.
  const fetchShelves = async () => {
    let found;
    try { found = await ask(at.shelves); } catch { return; } // the last idea of them stays
    shelves = found.shelves; shelvesAt = Date.now();
    await keep(`shelves:${account}`, shelves);
  };
  // What the asker said aloud comes along: it can be heard in a basement.
  const heardFiles = new Map();
  const keepFiles = async () => {
    const wanted = new Set(carried.jobs.flatMap((job) => job.files || [])), had = (await store.get(`files:${account}`)) || [];
    for (const address of had) if (!wanted.has(address)) await store.set(`file:${address}`, undefined);
    const kept = had.filter((address) => wanted.has(address));
    for (const address of wanted) {
      if (kept.includes(address)) continue;
      const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
      if (!answer || !answer.ok) continue;
      await keep(`file:${address}`, await answer.blob());
      if (!isFull) kept.push(address);
    }
    if (had.length || kept.length) await keep(`files:${account}`, kept);
    await openFiles(kept);
  };
  const openFiles = async (addresses) => { for (const address of addresses) if (!heardFiles.has(address)) { const blob = await store.get(`file:${address}`); if (blob) heardFiles.set(address, URL.createObjectURL(blob)); } };
  const fileAt = (address) => heardFiles.get(address) || address;
  // What a person carries leaves the phone with that person; acts that wait stay.
  const forget = async (whose) => {
    for (const address of (await store.get(`files:${whose}`)) || []) await store.set(`file:${address}`, undefined);
    for (const key of ["carried", "reports", "shelves", "files"]) await store.set(`${key}:${whose}`, undefined);
    for (const one of heardFiles.values()) URL.revokeObjectURL(one);
    heardFiles.clear(); shelves = []; shelvesAt = 0;
  };
  const load = async () => {
    account = (await store.get("account")) || "";
    carried = account ? (await store.get(`carried:${account}`)) || null : null;
    reports = account ? (await store.get(`reports:${account}`)) || [] : [];
    shelves = account ? (await store.get(`shelves:${account}`)) || [] : [];
    if (account) await openFiles((await store.get(`files:${account}`)) || []);
    seen = (await store.get("seen")) || [];
    offset = (await store.get("offset_ms")) || 0;
  };
  const count = async () => {
    const all = await store.all();
    rows = all.filter((row) => row.account === account);
    others = all.length - rows.length;
  };

  // sending
  const heard = async (row, result) => {
    // a page of the book: the answers are judged by the server alone, and what it says is told
    if (row.act === "sign") { tell(`${row.said.title || ""} ${result.words}`.trim(), Boolean(result.code) && result.code !== "signed_newer"); return; }
    // what the server took is part of what the phone carries from now on, also when the signal goes before it can ask again
    if (["done", "already", "bent"].includes(result.result) && carried) {
      if (row.act.startsWith("part-")) { shelves = shelvesAfter(shelves, carried.jobs, [row]); await keep(`shelves:${account}`, shelves); }
      if (row.act === "zone") { const known = (carried.zones || []).find(([code]) => code.toLowerCase() === row.said.zone.toLowerCase()); carried = { ...carried, zone: { name: known ? known[1] : row.said.zone, at: clockNow() } }; }
      carried = { ...carried, jobs: carried.jobs.map((job) => ({ ...project(job, [row]), n_waiting: 0 })) };
      await keep(`carried:${account}`, carried);
    }
    if (!["refused", "conflict", "bent"].includes(result.result)) return;
    if (result.result !== "bent") YingxuScan.bad();
    const job = carried && carried.jobs.find((one) => one.id === row.job);
    reports = [...reports.filter((one) => one.id !== row.id), { id: row.id, act: row.act, kind: result.result, words: result.words, job: row.job || "", number: job ? job.number : "", what: job ? job.what : "", at: row.device_at + (row.offset_ms || 0) }];
    await store.set(`reports:${account}`, reports);
  };
  let again = 0;
  const send = async () => {
    if (isSending || isBroken) return;
    isSending = true; again = 0;
    try {
      const leave = await store.get("leave");
      if (leave) { // signed out without a signal: that session ends before anything else, one begun since then stays
        if (leave === sessionMark()) await leaveSession();
        await store.set("leave", undefined);
      }
      const mine = account;
      const had = rows.length, hasMoved = rows.some((row) => row.act.startsWith("part-"));
      if (had) draw();
      // whoever holds the session is asked first: another's acts are never sent
      await fetchCarried();
      if (account === mine || !mine) {
        const done = await queue.drain(account, heard);
        why = done.why;
        if (had && !why) await fetchCarried();
        if (!why && (Date.now() - shelvesAt > SHELVES_MS || hasMoved)) await fetchShelves();
      } else why = "";
    } catch (error) {
      why = error instanceof Away ? error.why : "offline";
      if (why === "signed-out") csrf = "";
    } finally {
      isSending = false;
      await count();
      draw();
    }
    if (why === "" && rows.some((row) => !row.stuck)) again = setTimeout(send, 300);
  };

  // an act: on the phone first, then said to be done
  const act = async (job, name, said = {}, blobs = [], words = W.kept) => {
    if (isAdding || !account) return false; // a double tap is one act
    isAdding = true;
    try { await queue.add(account, name, job, said, blobs); } catch (error) {
      YingxuScan.bad();
      tell(isQuota(error) ? W.storage_full : W.storage_denied, true);
      return false;
    } finally { isAdding = false; }
    if (job) chosen = job; // the card that was worked on stays, whatever comes first after it
    tell(words);
    await count();
    draw();
    send();
    return true;
  };
  const tell = (words, isBad) => {
    notice.replaceChildren(isBad ? h("div.refusal", {}, icon("alert-circle"), h("p", {}, words)) : h("div.kept", {}, icon("circle-check"), h("span", {}, words)));
    if (isBad) notice.scrollIntoView({ block: "center" });
  };

  // drawing
  const drawStrip = () => {
    const isNobody = !account, n = isNobody ? others : rows.length, words = { offline: W.offline, server: W.server, "signed-out": W.signed_out, token: W.server }[why] || "";
    const isOut = why === "signed-out";
    strip.hidden = !n && !others && !words && !isBroken && !isFull;
    strip.className = `strip${n || words || isBroken ? " is-waiting" : ""}`;
    strip.dataset.n = String(n);
    const parts = [icon(words ? "wifi-off" : n ? "upload" : "check"), h("strong", {}, n ? say(W.unsent, { n }) : isOut || words ? "" : W.sent_all)];
    if (isOut || isNobody) parts.push(h("a.button", { href: `${at.signIn}?next=${encodeURIComponent(at.here)}` }, W.sign_in)); else if (n) parts.push(h("button.button", { type: "button", onclick: send, disabled: isSending }, isSending ? W.sending : W.send_now));
    if (words) parts.push(h("p", {}, words));
    if (others && !isNobody) parts.push(h("p", {}, say(W.unsent_others, { n: others })));
    if (isBroken) parts.push(h("p", {}, isBroken));
    if (isFull) parts.push(h("p", {}, W.storage_low));
    strip.replaceChildren(...parts);
  };
  const keepTyped = () => {
    const typed = {}, open = {};
    for (const input of main.querySelectorAll("input[id]:not([type=file]), textarea[id], select[id]")) if (input.value) typed[input.id] = [input.value, input.dataset.of];
    for (const fold of main.querySelectorAll("details[id]")) open[fold.id] = fold.open && (fold.parentElement.className || "todo");
    return { typed, open, focus: document.activeElement && document.activeElement.id, mark: main.dataset.mark };
  };
  const backTyped = ({ typed, open, focus, mark }) => {
    if (mark !== main.dataset.mark) return;
    // what was read at one end of a transport is never filled in at the other: both identifiers are read twice
    for (const [id, [value, of]] of Object.entries(typed)) { const input = document.getElementById(id); if (input && input.dataset.of === of) input.value = value; }
    for (const [id, was] of Object.entries(open)) { const fold = document.getElementById(id); if (fold && was === (fold.parentElement.className || "todo")) fold.open = true; }
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus({ preventScroll: true });
  };
  const jobsNow = () => (carried ? carried.jobs.map((job) => project(job, rows)).filter((job) => job.state !== "gone") : []);
  let isFinding = false, drawn = "";
  const draw = () => {
    drawStrip();
    const jobs = jobsNow(), open = jobs.filter((job) => job.state !== "finished");
    const job = open.find((one) => one.id === chosen) || open[0] || null;
    const minute = Math.floor(Date.now() / 30000);
    const now = JSON.stringify([account, jobs, reports, seen, chosen, isFinding, minute, Boolean(carried), ready, shelvesAt, Boolean(install), rows.filter((row) => row.stuck).length, carried && carried.zone, rows.filter((row) => row.act === "zone").map((row) => row.id)]);
    // what has not changed is not drawn again, and a camera, a pad or a list in use never moves under a thumb
    if (now === drawn || main.querySelector(".scanner video")) return;
    const busy = document.activeElement && document.activeElement.matches("select, canvas.pad");
    if (busy && drawn && JSON.parse(drawn)[1].length === jobs.length && JSON.stringify(JSON.parse(drawn)[1]) === JSON.stringify(jobs)) return;
    drawn = now;
    const typed = keepTyped();
    main.dataset.mark = `${account} ${job ? job.id + job.state : ""} ${isFinding}`;
    who.textContent = carried ? `${carried.name}${carried.team ? ` · ${carried.team}` : ""}` : "";
    const told = reports.filter((one) => !seen.includes(one.id)).map(report);
    const stuck = rows.filter((row) => row.stuck).map((row) => h("section.card.report", {}, h("h2", {}, icon("alert-triangle"), W.acts[row.act]), h("p", {}, W.stuck)));
    const finished = jobs.filter((one) => one.state === "finished");
    if (!carried) main.replaceChildren(h("section.card.nothing", {}, h("h2", {}, why === "signed-out" || !account ? W.sign_in : W.never_loaded), why === "signed-out" ? h("a.button.primary.wide.big", { href: `${at.signIn}?next=${encodeURIComponent(at.here)}` }, W.sign_in) : h("p", {}, W.never_loaded)));
    else if (isFinding) main.replaceChildren(defect({ act: (name, said, blobs, words) => act(null, name, said, blobs, words), fail: (words) => tell(words, true), kinds: carried.kinds, places: [...new Map(jobs.filter((one) => one.place).map((one) => [one.place, one.where]))], close: () => { isFinding = false; draw(); } }));
    else main.replaceChildren(...[
      ...told, ...stuck,
      job ? card(job, { act: (name, said, blobs, words) => act(job.id, name, said, blobs, words), fail: (words) => tell(words, true), now: clockNow(), mates: carried.mates, shelves: shelvesAfter(shelves, carried.jobs, rows), delays: carried.delays || [], fileOf: fileAt }) : h("section.card.nothing", {}, icon("circle-check"), h("h2", {}, W.nothing), h("p", {}, carried.is_present === false ? W.absent : W.nothing_hint)),
      button(W.defect, "alert-triangle", () => { isFinding = true; draw(); main.focus(); scrollTo(0, 0); }, { "data-open": "defect" }),
      list(W.next, open.filter((one) => one !== job), true), list(W.waiting, [...finished, ...carried.waiting.filter((one) => !finished.some((other) => other.id === one.id))], false),
      zoneFold(), foot(),
    ].flat(4).filter(Boolean));
    backTyped(typed);
  };
  const report = (one) => h("section.card.report.stack", { "data-report": one.kind, "data-command": one.id }, h("h2", {}, icon("alert-triangle"), W.reports), h("p", {}, h("strong", {}, `${W.acts[one.act] || one.act}${one.what ? ` · ${one.what}` : ""}${one.number ? ` ${one.number}` : ""} · ${clockTime(one.at)}`)), h("p", {}, one.words), h("p.hint", {}, W[`report_${one.kind}`]), button(W.seen, "check", async () => { seen = [...seen, one.id].slice(-200); await store.set("seen", seen); draw(); }, { "data-seen": one.id }));
  const list = (title, jobs, isOpen) => (jobs.length ? h("section.next", {}, h("h2", {}, title), jobs.map((job) => h(isOpen ? "button.next-job" : "div.next-job", isOpen ? { type: "button", class: `next-job wide p${job.priority}`, "data-choose": job.id, onclick: () => { chosen = job.id; notice.replaceChildren(); draw(); scrollTo(0, 0); } } : {}, h("strong", {}, job.what), h("span", {}, job.where || ""), isOpen ? h("span.next-foot", {}, `${job.urgency} · ${W.states[job.state] || job.state} `, job.n_waiting ? h("span.waits", {}, W.not_sent) : null, job.limits.filter((limit) => !limit.paused).slice(0, 1).map((limit) => [" ", countdown(limit.due, clockNow())])) : job.n_waiting ? h("span.waits", {}, W.not_sent) : null))) : null);
  const zoneFold = () => {
    const zones = carried.zones || [], waits = rows.filter((row) => row.act === "zone" && !row.stuck), last = waits[waits.length - 1];
    const known = last && zones.find(([code]) => code.toLowerCase() === last.said.zone.toLowerCase());
    return YingxuParts.zone({ now: last ? (known ? known[1] : last.said.zone) : carried.zone ? carried.zone.name : "", zones, isWaiting: Boolean(last), act: (name, said, blobs, words) => act(null, name, said, blobs, words), fail: (words) => tell(words, true) });
  };
  const foot = () => h("footer.work-foot", {},
    h("a.button.wide", { href: at.handbook }, icon("clipboard-list"), W.handbook),
    carried.desk_phone ? h("a.button.wide", { href: `tel:${carried.desk_phone}` }, icon("phone-call"), `${W.call_desk} ${carried.desk_phone}`) : null,
    install ? button(W.install, "download", () => { install.prompt(); install = null; draw(); }) : null,
    h("a.button.wide", { href: at.page }, icon("world"), W.online_page),
    button(W.sign_out, "logout", signOut, { "data-sign-out": true }),
    h("p.hint", { "data-ready": ready ? "1" : "0" }, ready ? icon("check") : null, ` ${ready ? W.ready : "serviceWorker" in navigator ? "" : W.not_ready} · ${say(W.kept_at, { time: clockTime(carried.kept_at) })}`));

  // changes with every signing in
  const sessionMark = () => (/(?:^|; )yingxu_csrf=([^;]+)/.exec(document.cookie) || [])[1] || "none";
  const leaveSession = async () => {
    if (!csrf) csrf = sessionMark();
    const answer = await fetch(at.signOut, { method: "POST", credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": csrf } }).catch(() => { throw new Away("offline"); });
    if (answer.type !== "opaqueredirect" && !answer.ok && answer.status !== 403) throw new Away("server");
    csrf = "";
  };
  const signOut = async () => {
    if (rows.length && !confirm(say(W.sign_out_waits, { n: rows.length }))) return;
    try { await leaveSession(); } catch { await store.set("leave", sessionMark()); }
    await forget(account);
    await store.set("account", undefined);
    if (navigator.serviceWorker && navigator.serviceWorker.getRegistration) { const book = await navigator.serviceWorker.getRegistration(at.handbook).catch(() => null); if (book && book.active) book.active.postMessage({ leave: true }); }
    account = ""; carried = null; reports = []; why = "signed-out"; csrf = "";
    await count();
    draw();
  };

  // the book of procedures comes along, by its own worker, for the person who carries it
  const keepHandbook = async () => {
    if (!("serviceWorker" in navigator) || !carried) return;
    try {
      const made = await navigator.serviceWorker.register(at.handbookWorker, { scope: at.handbook });
      const pages = [at.handbook, ...new Set(carried.jobs.map((job) => at.handbookPage.replace("ITEM", job.item)))];
      const key = pages.join(" ");
      if (made.active && keepHandbook.kept !== key) { keepHandbook.kept = key; made.active.postMessage({ person: carried.person, pages }); }
    } catch { /* the book is read online */ }
  };

  // switches that are kept
  const toggle = async (id, key, whenOn, byDefault) => {
    const made = document.getElementById(id);
    const set = (on) => { made.setAttribute("aria-pressed", String(on)); whenOn(on); };
    let on = byDefault;
    try { const known = await store.get(key); on = known === undefined ? byDefault : known; } catch { /* said below */ }
    set(on);
    made.addEventListener("click", () => { on = !on; set(on); if (key === "sound" && on) YingxuScan.good(); store.set(key, on).catch(() => {}); });
  };

  try {
    await load();
    await count();
  } catch { isBroken = W.storage_denied; }
  toggle("large", "large", (on) => document.documentElement.classList.toggle("large", on), false);
  toggle("sound", "sound", (on) => { YingxuScan.silent = !on; }, true);
  draw();
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(at.worker, { scope: at.scope }).then((made) => {
      const whole = () => { ready = true; document.documentElement.dataset.ready = "1"; draw(); };
      const next = made.active || made.waiting || made.installing;
      if (made.active) { whole(); made.active.postMessage({ renew: true }); } else if (next) next.addEventListener("statechange", () => { if (next.state === "activated") whole(); });
    }).catch(() => {});
  }
  window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); install = event; draw(); });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => { why = "offline"; draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (!document.hidden && !again) send(); }, 10000);
  if (navigator.onLine === false) { why = "offline"; draw(); }
  send();
})();
