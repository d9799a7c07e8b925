// The own service worker of a kiosk or a rating stand: its page and what it is drawn with, under /k/ or /t/ and nothing
// else. Whoever stands before it while the network is gone finds the page as ever; what is sent waits in the page's outbox.
"use strict";
const NAME = "__NAME__", VERSION = "__VERSION__", STATIC = "__STATIC__", SCOPE = "__SCOPE__";
const KEPT = `${NAME}-${VERSION}`, PATIENCE_MS = 4000;
// /k/<code> alone: thanks carry somebody's number and are never kept
const isKiosk = (url) => url.pathname.startsWith(SCOPE) && !url.pathname.slice(SCOPE.length).includes("/");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(STATIC)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(`${NAME}-`) && name !== KEPT).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

// an answer that led elsewhere, or says that the kiosk is closed, is not its page
const isWhole = (answer) => answer.ok && !answer.redirected && answer.type === "basic";
const fresh = (address) => fetch(address, { credentials: "same-origin", cache: "no-store" }).then((answer) => {
  if (!isWhole(answer)) return answer;
  const copy = answer.clone();
  return caches.open(KEPT).then((kept) => kept.put(address, copy)).then(() => answer);
});
const kept = (address) => caches.open(KEPT).then((own) => own.match(address, { ignoreVary: true }));
const page = (address) => {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE_MS));
  const asked = fresh(address);
  // a house that is being mended (5xx) is as good as none
  return Promise.race([asked, late]).then((answer) => (answer.status >= 500 ? kept(address).then((found) => found || answer) : answer)).catch(() => kept(address).then((found) => found || asked));
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") { if (isKiosk(url)) event.respondWith(page(url.origin + url.pathname)); } else if (STATIC.includes(url.pathname)) event.respondWith(kept(url.pathname).then((found) => found || fetch(request)));
});
// the page that registered this worker was loaded before it: it says which one to keep
self.addEventListener("message", (event) => {
  if (!event.data || !event.data.keep) return;
  const url = new URL(event.data.keep, location.origin);
  if (isKiosk(url)) event.waitUntil(fresh(url.origin + url.pathname).then(() => event.source && event.source.postMessage({ kept: true }), () => {}));
});
