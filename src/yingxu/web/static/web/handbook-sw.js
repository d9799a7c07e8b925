// The handbook's own service worker: keeps the book and what it is drawn with, under /handbook and nothing else.
// Network first, so that whoever has a network reads the edition in force; the kept copy when there is none.
"use strict";
const KEPT = "yingxu-handbook-1", SCOPE = "/handbook", PATIENCE_MS = 4000;
const STATIC = "__STATIC__";
const isPage = (url) => url.pathname === SCOPE || url.pathname === `${SCOPE}/unread` || url.pathname.startsWith(`${SCOPE}/p/`) || url.pathname.startsWith(`${SCOPE}/read/`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(STATIC)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("yingxu-handbook-") && name !== KEPT).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

const keep = (request, answer) => {
  // an answer that led elsewhere is the page for signing in: it is not the book
  if (answer.ok && !answer.redirected && answer.type === "basic") return caches.open(KEPT).then((kept) => kept.put(request, answer.clone())).then(() => answer);
  return Promise.resolve(answer);
};
const pageOf = (request) => {
  const asked = new URL(request.url);
  const key = new Request(asked.origin + asked.pathname);
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE_MS));
  const fresh = fetch(request).then((answer) => keep(key, answer));
  return Promise.race([fresh, late]).catch(() => caches.match(key, { ignoreVary: true }).then((kept) => kept || fresh));
};
const staticOf = (request) => fetch(request).then((answer) => keep(request, answer)).catch(() => caches.match(request, { ignoreVary: true }).then((kept) => kept || Response.error()));

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.mode === "navigate") { if (isPage(url)) event.respondWith(pageOf(event.request)); } else if (STATIC.includes(url.pathname)) event.respondWith(staticOf(event.request));
});

// another person on the same phone: what was kept goes. {person, pages} comes from the open book.
self.addEventListener("message", (event) => {
  const { person, pages, leave } = event.data || {};
  event.waitUntil(caches.open(KEPT).then(async (kept) => {
    const mark = new Request(`${location.origin}${SCOPE}/-whose`);
    const known = await kept.match(mark).then((answer) => answer && answer.text());
    if (leave || (known && known !== person)) for (const request of await kept.keys()) if (!STATIC.includes(new URL(request.url).pathname)) await kept.delete(request);
    if (leave) return;
    await kept.put(mark, new Response(person));
    // what is still to be read and signed comes along too: the list, and each reading with its questions
    const fetched = (page) => fetch(page, { credentials: "same-origin" }).then((answer) => keep(new Request(new URL(page, location.origin)), answer)).catch(() => null);
    const unread = `${SCOPE}/unread`;
    for (const page of new Set([...(pages || []), unread])) {
      const answer = await fetched(page);
      if (page !== unread || !answer || !answer.ok || answer.redirected) continue;
      for (const [, reading] of (await answer.text()).matchAll(/href="(\/handbook\/read\/[^"?#]+)"/g)) await fetched(reading);
    }
    if (event.source) event.source.postMessage({ kept: true });
  }));
});
