// Signing without signal: the answers become an act in the phone's own queue, with an id and the phone's time, and are
// sent when there is a signal. Nothing on the phone knows which answers are right; the server judges and it is told then.
"use strict";
(async () => {
  const box = document.getElementById("signing");
  if (!box || !window.YingxuStore || !window.YingxuQueue || !window.indexedDB) return;
  const w = box.dataset, quiz = document.getElementById("quiz"), { Queue, Away } = YingxuQueue;
  const whole = YingxuStore, store = { ...whole, all: async () => (await whole.all()).filter((row) => row.act === "sign") };
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)));
  let csrf = "", chain = Promise.resolve(), isBusy = false;

  const ask = async (options = {}) => {
    let answer;
    try {
      answer = await fetch(w.sync, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined, ...options, headers: { Accept: "application/json", "X-CSRFToken": csrf, ...options.headers } });
    } catch { throw new Away("offline"); }
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) throw new Away("signed-out", answer.status);
    if ([400, 413, 422].includes(answer.status)) throw new Away("malformed", answer.status);
    if (!answer.ok) throw new Away("server", answer.status);
    return answer.json();
  };
  const transport = { sync: (batch) => ask({ method: "POST", body: JSON.stringify(batch), headers: { "Content-Type": "application/json" } }) };
  const lock = (work) => (navigator.locks ? navigator.locks.request("yingxu-queue", work) : (chain = chain.then(work, work)));
  const queue = new Queue({ store, transport, now: () => Date.now(), id: uuid, lock });

  // Send what waits; nobody's session sends what another person signed. Answers what the server said of each.
  const send = async () => {
    const told = [];
    if (!(await queue.rows(w.account)).some((row) => !row.stuck)) return { told, why: "" };
    let why = "";
    try {
      const state = await ask();
      if (state.account !== w.account) return { told, why: "signed-out" };
      csrf = state.csrf;
      why = (await queue.drain(w.account, async (row, result) => { told.push({ row, result }); })).why;
    } catch (error) { why = error instanceof Away ? error.why : "offline"; }
    return { told, why };
  };

  // what stands in the form's place while a signature waits, or was told off
  const made = (name, text) => { const one = document.createElement(name); one.textContent = text; return one; };
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true"); use.setAttribute("href", `${w.sprite}#${name}`); svg.append(use);
    return svg;
  };
  const say = (name, text, link) => {
    box.hidden = false;
    box.className = `signing ${name === "check" ? "kept" : "refusal"}`;
    box.setAttribute("role", name === "check" ? "status" : "alert");
    const words = made("p", text);
    box.replaceChildren(icon(name), words);
    if (link) { const a = made("a", link.text); a.href = link.href; words.append(" ", a); }
    box.scrollIntoView({ block: "nearest" });
  };
  const time = (row) => new Date(row.device_at).toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit" });
  const waiting = (row, why) => {
    if (quiz) quiz.hidden = true;
    say("check", w.kept.replace("{time}", time(row)));
    if (why === "signed-out") say("wifi-off", w.out, { text: w.in, href: `${w.signIn}?next=${encodeURIComponent(location.pathname)}` });
  };
  const isHere = (row) => quiz && row.said.digest === quiz.elements.digest.value;
  const after = ({ told, why }, own) => {
    const mine = told.find(({ row }) => (own ? row.id === own.id : isHere(row)));
    if (mine) {
      const { code, words } = mine.result;
      if (!code) location.assign(`${w.unread}?signed=1`);
      else if (code === "signed_newer") location.assign(`${w.unread}?signed=newer`);
      else if (code === "quiz_failed") location.reload(); // the page tells which, and asks anew
      else { if (quiz) quiz.hidden = true; say("alert-circle", words, { text: w.again, href: w.unread }); }
      return;
    }
    if (own) waiting(own, why);
    else if (told.length && !quiz) { // the list and the book show what became of it
      const bad = told.find(({ result }) => result.code && result.code !== "signed_newer");
      const { row, result } = bad || told[told.length - 1];
      say(bad ? "alert-circle" : "check", `${row.said.title || ""} ${result.words}`.trim(), { text: w.again, href: w.unread });
      for (const { row: one } of told) { const mark = document.querySelector(`li[data-part="${CSS.escape(one.said.part)}"] .signed-here`); if (mark) mark.remove(); }
    }
  };

  const look = async () => {
    let rows = [];
    try { rows = await queue.rows(w.account); } catch { return; } // this browser keeps nothing: signing works online
    const own = quiz && rows.find(isHere);
    if (own) waiting(own, "");
    for (const row of rows) {
      const line = document.querySelector(`li[data-part="${CSS.escape(row.said.part)}"] a`);
      if (line && !line.querySelector(".signed-here")) { const mark = made("span", w.waits); mark.className = "signed-here"; mark.prepend(icon("upload")); line.append(mark); }
    }
    if (rows.length && navigator.onLine !== false && !isBusy) { isBusy = true; try { after(await send(), own || null); } finally { isBusy = false; } }
  };

  if (quiz) quiz.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const form = new FormData(quiz);
    const said = { part: quiz.dataset.part, title: quiz.dataset.title, digest: form.get("digest"), attempt: Number(form.get("attempt")), answers: [0, 1, 2].map((n) => Number(form.get(`answer${n}`))) };
    let row;
    try { row = await queue.add(w.account, "sign", null, said); } catch { isBusy = false; quiz.submit(); return; } // nothing can be kept here: online only
    try { after(navigator.onLine === false ? { told: [], why: "offline" } : await send(), row); } finally { isBusy = false; }
  });
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
})();
