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
  // a yes, a no, a tap of a face must not be lost with the network: kept on this device, sent again with the same
  // command, so that it counts once
  const KEY = `yingxu-said:${page}`, kept = document.getElementById("kept-here");
  const read = () => { try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return []; } };
  const write = (said) => { try { localStorage.setItem(KEY, JSON.stringify(said)); return true; } catch { return false; } };
  const tell = () => { if (kept) { kept.hidden = read().length === 0; kept.textContent = kept.dataset.said; } };
  let isSending = false;
  const send = async () => {
    const waiting = read();
    if (!waiting.length || isSending) { tell(); return; }
    isSending = true;
    try {
      const answer = await fetch(waiting[0].action, { method: "POST", body: new URLSearchParams(waiting[0].body), credentials: "same-origin" });
      if (answer.status >= 500) throw new Error("later");
      write(read().slice(1));
      isSending = false;
      // what came of it is a page: taken, or refused in words
      if (read().length) { send(); return; }
      if (answer.redirected) { location.assign(answer.url); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["#notice", "#live", ".acts"]) {
        const old = document.querySelector(part), next = fresh.querySelector(part);
        if (old && next) old.replaceWith(document.importNode(next, true));
      }
      tell();
      scrollTo(0, 0);
    } catch { isSending = false; tell(); }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; } // one tap, one act
    form.dataset.sent = "1";
    if (!form.hasAttribute("data-keep")) return;
    const body = [...new FormData(form, event.submitter).entries()].filter(([, value]) => typeof value === "string");
    if (!write([...read(), { action: form.getAttribute("action"), body }])) return; // keeps nothing: sent the plain way
    event.preventDefault();
    event.stopImmediatePropagation();
    send();
  }, true);
  window.addEventListener("online", send);
  setInterval(send, 10000);
  send();
})();
