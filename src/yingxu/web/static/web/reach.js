// Says in words that the server does not answer, and takes it back when it does; what was typed stays where it is.
"use strict";
(() => {
  const strip = document.getElementById("unreachable");
  if (!strip) return;
  const lost = () => { strip.hidden = false; };
  const back = () => { strip.hidden = true; };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:beforeOnLoad", back); // any answer, also a refusal
  document.addEventListener("reach:lost", lost);
  document.addEventListener("reach:back", back);
  window.addEventListener("offline", lost);
  window.addEventListener("online", back);
  // without a network a form would be lost to the browser's own page of apology; Ask has an outbox of its own
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.defaultPrevented || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    lost();
    strip.scrollIntoView({ block: "nearest" });
  });
})();
