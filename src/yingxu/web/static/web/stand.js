// The rating stand: two taps, thanks, empty again; what cannot be sent waits in this device.
"use strict";
(() => {
  const form = document.getElementById("stand");
  if (!form || !window.fetch) return;
  const KEY = `yingxu-taps:${form.dataset.taps}`, DEVICE = "yingxu-device", MOST = 2000;
  const faces = document.getElementById("ask-face"), thanks = document.getElementById("thanks"), queued = document.getElementById("queued");
  const newId = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join(""));
  // a device that keeps nothing (private mode) still rates: the queue lives as long as the page
  let memory = [], own = "";
  const read = () => { try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return memory; } };
  const write = (taps) => { memory = taps; try { localStorage.setItem(KEY, JSON.stringify(taps)); } catch { /* kept in memory */ } };
  const device = () => {
    try {
      const known = localStorage.getItem(DEVICE) || newId();
      localStorage.setItem(DEVICE, known);
      return known;
    } catch { return (own = own || newId()); }
  };
  const show = (node) => {
    for (const one of form.querySelectorAll("section")) one.hidden = one !== node;
    const first = node.querySelector("button");
    if (first && node !== faces) first.focus({ preventScroll: true });
  };
  const tell = () => { const n = read().length; queued.hidden = n === 0; queued.textContent = queued.dataset.said.replace("{n}", n); };

  let isSending = false;
  const send = () => {
    const taps = read().slice(0, 100);
    if (!taps.length || isSending) { tell(); return; }
    isSending = true;
    const body = JSON.stringify({ device: device(), taps: taps.map((tap) => ({ id: tap.id, face: tap.face, reason: tap.reason, ago_s: Math.max(0, (Date.now() - tap.at) / 1000) })) });
    fetch(form.dataset.taps, { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit" }).then((answer) => {
      // taken, or refused for good; a failing server is asked again
      if (answer.ok || answer.status === 422) { const sent = new Set(taps.map((tap) => tap.id)); write(read().filter((tap) => !sent.has(tap.id))); }
    }).catch(() => {}).finally(() => { isSending = false; tell(); });
  };

  let face = 0, timer = 0;
  const reset = () => { clearTimeout(timer); face = 0; show(faces); };
  const finish = (reason) => {
    clearTimeout(timer);
    write([...read(), { id: newId(), face, reason, at: Date.now() }].slice(-MOST));
    face = 0;
    show(thanks);
    send();
    timer = setTimeout(reset, Number(form.dataset.resets) * 1000);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (!button) return;
    face = Number(button.value);
    show(form.querySelector(`.ask-reason[data-face="${face}"]`));
    clearTimeout(timer);
    timer = setTimeout(() => finish(""), Number(form.dataset.asked) * 1000); // walked away: the face counts
  });
  form.addEventListener("click", (event) => {
    const reason = event.target.closest(".ask-reason button");
    if (reason) finish(reason.value);
    else if (event.target.closest("#thanks")) reset();
  });
  window.addEventListener("online", send);
  setInterval(send, 15000);
  if (!thanks.hidden) timer = setTimeout(reset, Number(form.dataset.resets) * 1000);
  send();

  // who is on duty changes while the page stands; without the network the last list stays
  const duty = document.getElementById("duty");
  setInterval(() => { fetch(duty.dataset.url, { credentials: "omit" }).then((answer) => (answer.ok ? answer.text() : null)).then((html) => { if (html !== null) duty.innerHTML = html; }).catch(() => {}); }, 300000);
})();
