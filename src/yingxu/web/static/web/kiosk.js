// The kiosk empties itself when somebody walks away, opens without a network, and lets the staff out by five taps on the
// place's name.
"use strict";
(() => {
  const form = document.getElementById("ask"), idle = document.getElementById("idle");
  if (!form || !idle) return;
  const QUIET_S = 45, WARN_S = 10;
  let quiet = 0;
  const wake = () => { quiet = 0; idle.hidden = true; };
  for (const kind of ["input", "pointerdown", "keydown", "change"]) document.addEventListener(kind, wake);
  const isTouched = () => form.elements.text.value || form.elements.phone.value || form.querySelector("input[name=item]:checked") || form.elements.photos.files.length;
  setInterval(() => {
    if (!isTouched()) { wake(); return; }
    quiet += 1;
    const left = QUIET_S - quiet;
    idle.hidden = left > WARN_S;
    if (left <= WARN_S) idle.textContent = idle.dataset.said.replace("{n}", Math.max(0, left));
    if (left > 0) return;
    form.reset();
    wake();
    // a fresh page, when the network is there; without it the emptied one serves the next
    fetch(location.pathname, { method: "HEAD", cache: "no-store" }).then((answer) => { if (answer.ok) location.replace(location.pathname); }).catch(() => {});
  }, 1000);

  const corner = document.getElementById("corner");
  let taps = [];
  corner.addEventListener("pointerdown", () => {
    const now = Date.now();
    taps = [...taps.filter((at) => now - at < 3000), now];
    if (taps.length >= 5) location.assign(corner.dataset.exit);
  });
  // reloaded or switched on without a network it opens all the same (a secure context only)
  const workers = navigator.serviceWorker;
  if (workers && form.dataset.worker) {
    workers.addEventListener("message", (event) => { if (event.data && event.data.kept) document.documentElement.dataset.kept = "1"; });
    workers.register(form.dataset.worker, { scope: form.dataset.scope }).then((found) => {
      const worker = found.active || found.waiting || found.installing;
      const say = () => worker.postMessage({ keep: location.pathname });
      if (worker.state === "activated") say();
      else worker.addEventListener("statechange", () => { if (worker.state === "activated") say(); });
    }).catch(() => {});
  }
  // a kiosk has no way back to what somebody typed before
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
