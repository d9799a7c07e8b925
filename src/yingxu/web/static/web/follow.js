// Follow: looks every few seconds whether anything changed, and shows it; what somebody is typing stays.
"use strict";
(() => {
  const EVERY_MS = 5000;
  const page = location.pathname;
  const look = () => {
    const live = document.getElementById("live");
    if (!live || document.hidden || live.contains(document.activeElement) && document.activeElement.matches("textarea, select, input")) return;
    fetch(page, { headers: { "X-Mark": live.dataset.mark }, credentials: "same-origin" }).then((answer) => { document.dispatchEvent(new Event("reach:back")); return answer; }).then((answer) => (answer.status === 200 ? answer.text() : null)).then((html) => {
      if (html === null) return;
      const fresh = new DOMParser().parseFromString(html, "text/html");
      for (const part of ["#live", ".acts"]) {
        const old = document.querySelector(part), next = fresh.querySelector(part);
        const is_typing = old && old.contains(document.activeElement) && document.activeElement.matches("textarea, select, input");
        if (old && next && !is_typing) old.replaceWith(document.importNode(next, true));
      }
      document.title = fresh.title;
    }).catch(() => document.dispatchEvent(new Event("reach:lost")));
  };
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
})();
