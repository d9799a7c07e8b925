// My work: a photo that was taken is sent at once; the page looks for a new job while nobody types.
"use strict";
(() => {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-photo]");
    if (!form || !event.target.files || !event.target.files.length) return;
    const ages = form.querySelector("[name=ages]"); // how old each picture is: an old one is looked at, never blocked
    if (ages) ages.value = [...event.target.files].map((file) => Math.max(0, Math.round(Date.now() - file.lastModified))).join(",");
    form.requestSubmit();
  });
  let typed = false;
  document.addEventListener("input", () => { typed = true; });
  const fresh = document.getElementById("fresh");
  const first = () => { const card = document.querySelector("[data-job]"); return card ? card.dataset.job : ""; };
  const idle = () => !document.querySelector("[data-job]");
  // only an empty page renews itself: a card in hand never moves under a thumb
  const look = async () => {
    if (!fresh || typed || document.hidden || !idle()) return;
    try {
      const answer = await fetch(fresh.dataset.fresh, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const card = page.querySelector("[data-job]");
      if (card && card.dataset.job !== first()) window.location.reload();
    } catch { /* no signal: the next look tries again */ }
  };
  window.setInterval(look, 5000);
})();
