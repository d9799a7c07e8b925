// My work's own service worker: the app's shell and what it is drawn with, under /my-work. What a worker carries and does
// is kept by the app itself; the handbook has a worker of its own under /handbook.
"use strict";
const VERSION = "__VERSION__", SHELL = "__SHELL__", MANIFEST = "__MANIFEST__", STATIC = "__STATIC__";
const KEPT = `yingxu-mywork-${VERSION}`, PATIENCE_MS = 4000;

const isWhole = (answer) => answer.ok && !answer.redirected && answer.type === "basic";
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([...STATIC, SHELL, MANIFEST])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("yingxu-mywork-") && name !== KEPT).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

const kept = (address) => caches.open(KEPT).then((own) => own.match(address, { ignoreVary: true, ignoreSearch: true }));
const fresh = (address) => fetch(address, { credentials: "same-origin" }).then((answer) => (isWhole(answer) ? caches.open(KEPT).then((own) => own.put(address, answer.clone())).then(() => answer) : answer));
// The shell opens from the cache at once and is renewed behind it: another language shows at the next opening.
const shell = (event) => kept(SHELL).then((found) => {
  const renewed = fresh(SHELL);
  if (!found) return renewed;
  event.waitUntil(renewed.catch(() => {}));
  return found;
});
// The other pages of my work come from the network; without one the app stands in for them.
const page = (event) => {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE_MS));
  const asked = fetch(event.request);
  asked.catch(() => {});
  return Promise.race([asked, late]).catch(() => kept(SHELL).then((found) => (found ? Response.redirect(SHELL) : asked)));
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL) event.respondWith(shell(event));
    else if (url.pathname.startsWith("/my-work")) event.respondWith(page(event));
  } else if (STATIC.includes(url.pathname) || url.pathname === MANIFEST) event.respondWith(kept(url.pathname).then((found) => found || fetch(request)));
});
// the language was changed: the shell is fetched anew before the app opens again
self.addEventListener("message", (event) => {
  if (event.data && event.data.renew) event.waitUntil(Promise.all([fresh(SHELL), fresh(MANIFEST)]).catch(() => {}).then(() => event.source && event.source.postMessage({ renewed: true })));
});
