// The kiosk empties itself when somebody walks away.
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

  // a kiosk has no way back to what somebody typed before
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
