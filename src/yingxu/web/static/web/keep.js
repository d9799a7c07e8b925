// Forms that must not be lost with the network (data-keep): kept on this device, sent when it is back.
"use strict";
(() => {
  const page = location.pathname;
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
