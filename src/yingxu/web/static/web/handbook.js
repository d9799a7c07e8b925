// The book: search in it, turn pages by keyboard, keep it on the device. Without this script it is one long page.
"use strict";
(() => {
  const book = document.getElementById("book");
  if (!book) return;
  const pages = [...book.querySelectorAll("[data-page]")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // search
  const find = document.getElementById("find"), said = document.getElementById("found");
  find.hidden = false;
  const look = () => {
    const wanted = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const page of pages) {
      const text = page.textContent.toLowerCase(), fits = wanted.every((word) => text.includes(word));
      page.hidden = !fits;
      if (fits) n += 1;
    }
    for (const chapter of book.querySelectorAll(".chapter")) {
      const own = [...chapter.querySelectorAll("[data-page]")];
      if (own.length) chapter.hidden = own.every((page) => page.hidden);
    }
    for (const link of book.querySelectorAll(".toc a")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      link.parentElement.hidden = Boolean(target) && target.hidden;
    }
    said.textContent = wanted.length ? (n ? book.dataset.found.replace("{n}", n) : book.dataset.none) : "";
  };
  find.addEventListener("input", look);

  // turning pages
  const shown = () => pages.filter((page) => !page.hidden);
  const here = () => {
    const all = shown(), line = 120;
    let at = -1;
    all.forEach((page, n) => { if (page.getBoundingClientRect().top <= line) at = n; });
    return at;
  };
  const turn = (step) => {
    const all = shown(), next = all[Math.min(all.length - 1, Math.max(0, here() + step))];
    if (!next) return;
    next.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    next.focus({ preventScroll: true });
  };
  const nav = book.querySelector(".turn");
  nav.hidden = false;
  document.getElementById("back").addEventListener("click", () => turn(-1));
  document.getElementById("on").addEventListener("click", () => turn(1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select");
    if (typing) { if (event.key === "Escape") { find.value = ""; look(); find.blur(); } return; }
    if (event.key === "ArrowRight" || event.key === "j" || event.key === "n") { event.preventDefault(); turn(1); }
    else if (event.key === "ArrowLeft" || event.key === "k" || event.key === "p") { event.preventDefault(); turn(-1); }
    else if (event.key === "/") { event.preventDefault(); find.focus(); }
  });
  // on a phone the contents begin closed, so that the first page is near
  if (matchMedia("(max-width: 59.99em)").matches) book.querySelector(".contents details").open = false;
  for (const link of book.querySelectorAll(".toc a")) link.addEventListener("click", () => { if (matchMedia("(max-width: 59.99em)").matches) book.querySelector(".contents details").open = false; });
  document.getElementById("to-contents").addEventListener("click", () => { const contents = book.querySelector(".contents details"); contents.open = true; contents.querySelector("summary").focus(); });
  window.addEventListener("beforeprint", () => { find.value = ""; look(); });

  // kept on the device
  const note = document.getElementById("kept");
  if (!navigator.onLine) note.textContent = book.dataset.old;
  if (!("serviceWorker" in navigator)) { if (!isSecureContext) note.textContent = book.dataset.insecure; return; }
  const worker = navigator.serviceWorker;
  worker.addEventListener("message", (event) => { if (event.data && event.data.kept && navigator.onLine) { note.textContent = book.dataset.saved; document.documentElement.dataset.kept = "1"; } });
  worker.register(book.dataset.worker, { scope: book.dataset.scope }).then((made) => {
    const active = made.active || made.waiting || made.installing;
    const tell = () => { if (made.active && navigator.onLine) made.active.postMessage({ person: book.dataset.person, pages: [location.pathname, book.dataset.unread] }); };
    if (active.state === "activated") tell(); else active.addEventListener("statechange", () => { if (active.state === "activated") tell(); });
  }).catch(() => {});
})();
