// A survey on a phone: small steps, every tap kept in this phone until the sheet is in, a queue for when the network is gone.
"use strict";
(() => {
  const form = document.getElementById("survey");
  const KEY = `yingxu-survey:${location.pathname}`, QUEUE = "yingxu-survey-queue";
  // a browser that keeps nothing (private mode) still answers: all lives as long as the page
  let memory = [];
  const read = (key, otherwise) => { try { return JSON.parse(localStorage.getItem(key)) || otherwise; } catch { return otherwise; } };
  const write = (key, value) => { try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
  const queue = () => { const kept = read(QUEUE, []); return [...kept, ...memory.filter((one) => !kept.some((other) => other.code === one.code))]; };
  const keep = (sheets) => { memory = write(QUEUE, sheets) ? [] : sheets; };
  const waits = document.getElementById("waits"), refused = document.getElementById("refused");

  // "is in" is said of a sheet that is in
  const tell = () => { const n = queue().length, is_in = document.getElementById("is-in"); waits.hidden = n === 0 || (navigator.onLine && isSending); if (is_in) is_in.hidden = n > 0; };
  let isSending = false;
  const send = () => {
    const next = queue()[0];
    if (!next || isSending || !window.fetch) return;
    isSending = true;
    const body = JSON.stringify({ code: next.code, answers: next.answers, text: next.text, edition: next.edition, seconds: next.seconds, ago_s: Math.max(0, (Date.now() - next.at) / 1000) });
    let goes_on = false;
    fetch(next.to, { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit" }).then((answer) => {
      if (answer.status === 429 || answer.status >= 500) return null;
      keep(queue().filter((one) => one.code !== next.code)); // taken, or refused for good
      goes_on = true;
      return answer.ok ? null : answer.json();
    }).then((problem) => { if (problem && problem.said) { refused.textContent = problem.said; refused.hidden = false; } })
      .catch(() => {}).finally(() => { isSending = false; tell(); if (goes_on) send(); });
  };
  window.addEventListener("online", send);
  setInterval(send, 15000);
  send();
  if (!form || !window.fetch) return;

  // where somebody was
  const steps = [...form.querySelectorAll(".survey-step")], walk = form.querySelector(".survey-walk"), progress = document.getElementById("progress");
  const draft = read(KEY, {});
  if (draft.done) document.getElementById("again").hidden = false;
  for (const [name, value] of Object.entries(draft.answers || {})) { const node = form.querySelector(`input[name="${CSS.escape(name)}"][value="${value}"]`); if (node) node.checked = true; }
  if (draft.text) form.elements.text.value = draft.text;
  let place = Math.min(draft.place || 0, steps.length - 1), began = draft.began || 0;
  const answers = () => Object.fromEntries([...form.querySelectorAll("input[type=radio]:checked")].map((one) => [one.name, Number(one.value)]));
  const save = () => write(KEY, { answers: answers(), text: form.elements.text.value, place, began, done: draft.done });
  const show = (moved) => {
    steps.forEach((step, n) => { step.hidden = n !== place; });
    walk.hidden = steps.length < 2;
    document.getElementById("back").hidden = place === 0;
    document.getElementById("on").hidden = place === steps.length - 1;
    progress.hidden = steps.length < 2;
    progress.querySelector("progress").value = place + 1;
    const said = progress.querySelector("span");
    said.textContent = said.dataset.said.replace("{n}", place + 1).replace("{all}", steps.length);
    if (moved) { steps[place].focus({ preventScroll: true }); window.scrollTo(0, 0); }
  };
  form.addEventListener("input", () => { began = began || Date.now(); save(); });
  document.getElementById("back").addEventListener("click", () => { place -= 1; save(); show(true); });
  document.getElementById("on").addEventListener("click", () => { place += 1; save(); show(true); });
  show(false);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = answers(), text = form.elements.text.value.trim();
    if (!Object.keys(said).length && !text) { place = 0; show(true); refused.textContent = refused.dataset.empty; refused.hidden = false; refused.scrollIntoView({ block: "center" }); return; }
    refused.hidden = true;
    const code = YingxuCode.fresh();
    keep([...queue(), { to: form.dataset.sheets, code, answers: said, text, edition: Number(form.dataset.edition), seconds: began ? (Date.now() - began) / 1000 : null, at: Date.now() }]);
    write(KEY, { done: true });
    form.hidden = true;
    document.getElementById("again").hidden = true;
    document.querySelector(".survey-anon").hidden = true;
    document.getElementById("has-words").hidden = !text;
    document.getElementById("code-said").textContent = YingxuCode.grouped(code);
    tell();
    const thanks = document.getElementById("thanks");
    thanks.hidden = false;
    thanks.scrollIntoView();
    send();
  });
})();
