// A page that stands in a corridor (kiosk, rating stand): opens without a network, and lets the staff out by five taps on its name.
"use strict";
(() => {
  const form = document.querySelector("form[data-worker]"), corner = document.getElementById("corner");
  if (!form || !corner) return;
  let taps = [];
  corner.addEventListener("pointerdown", () => {
    const now = Date.now();
    taps = [...taps.filter((at) => now - at < 3000), now];
    if (taps.length >= 5) location.assign(corner.dataset.exit);
  });
  // reloaded or switched on without a network it opens all the same (a secure context only)
  const workers = navigator.serviceWorker;
  if (!workers || !form.dataset.worker) return;
  workers.addEventListener("message", (event) => { if (event.data && event.data.kept) document.documentElement.dataset.kept = "1"; });
  workers.register(form.dataset.worker, { scope: form.dataset.scope }).then((found) => {
    const worker = found.active || found.waiting || found.installing;
    const say = () => worker.postMessage({ keep: location.pathname });
    if (worker.state === "activated") say();
    else worker.addEventListener("statechange", () => { if (worker.state === "activated") say(); });
  }).catch(() => {});
})();
