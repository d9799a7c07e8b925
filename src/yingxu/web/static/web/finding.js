// A finding on a round: photos made small, and a queue for when the network is gone.
"use strict";
(() => {
  const form = document.getElementById("finding");
  if (!form || !window.fetch || !window.FormData || !self.indexedDB) return; // an old phone sends the form as it is
  const LONGEST = 1600, MOST = 6, TRY_S = 15, previews = document.getElementById("previews"), input = form.elements.photos;
  const show = (node, is_on) => { if (node) node.hidden = !is_on; };
  let photos = [];
  const shrink = (file) => new Promise((done) => {
    const image = new Image();
    image.onerror = () => done(file);
    image.onload = () => {
      const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight)), canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale); canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.8);
    };
    image.src = URL.createObjectURL(file);
  });
  const preview = () => {
    while (previews.firstChild) previews.removeChild(previews.firstChild);
    for (const blob of photos) { const image = document.createElement("img"); image.src = URL.createObjectURL(blob); image.alt = ""; previews.appendChild(image); }
    show(previews, photos.length > 0);
  };
  input.addEventListener("change", () => { Promise.all([...input.files].slice(0, MOST - photos.length).map(shrink)).then((small) => { photos = [...photos, ...small]; input.value = ""; preview(); }); });

  const open = () => new Promise((done, fail) => {
    const asking = indexedDB.open("yingxu-findings", 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore("findings", { keyPath: "command" });
    asking.onsuccess = () => done(asking.result);
    asking.onerror = () => fail(asking.error);
  });
  const store = (mode, act) => open().then((db) => new Promise((done, fail) => {
    const turn = db.transaction("findings", mode), asking = act(turn.objectStore("findings"));
    turn.oncomplete = () => { db.close(); done(asking.result); };
    turn.onerror = () => { db.close(); fail(turn.error); };
  }));
  const waits = document.getElementById("waits"), count = waits.querySelector("[data-n]");
  const newId = () => (self.crypto && crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);
  let isSending = false, mine = "";
  // one after the other, each under its own id: sent twice it is one finding
  const send = () => store("readonly", (s) => s.getAll()).catch(() => []).then((kept) => {
    const one = kept.find((each) => each.who === form.dataset.who);
    count.textContent = String(kept.length);
    show(waits, kept.length > 0 && (!isSending || !navigator.onLine));
    if (!one || isSending) return;
    isSending = true;
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    one.photos.forEach((blob, n) => body.append("photos", blob, `${n}.jpg`));
    let goes_on = false;
    fetch(one.to, { method: "POST", body, credentials: "same-origin" }).then((answer) => {
      if (answer.status === 429 || answer.status >= 500 || answer.status === 403 || answer.url.includes("/sign-in")) return null;
      return store("readwrite", (s) => s.delete(one.command)).then(() => answer.text()).then((page) => {
        goes_on = true;
        if (answer.ok && one.command === mine) { location.assign(answer.url); return; }
        if (!answer.ok && one.command === mine) { document.open(); document.write(page); document.close(); }
      });
    }).catch(() => {}).finally(() => { isSending = false; if (goes_on) send(); });
  });
  window.addEventListener("online", send);
  setInterval(send, TRY_S * 1000);
  send();

  form.addEventListener("submit", (event) => {
    if (!form.elements.place.value) return; // the server says in words what is missing
    event.preventDefault();
    mine = form.elements.command.value || newId();
    const fields = [...new FormData(form)].filter(([name]) => name !== "photos" && name !== "csrfmiddlewaretoken");
    store("readwrite", (s) => s.put({ command: mine, who: form.dataset.who, to: form.action, fields, photos })).then(() => {
      photos = []; preview();
      form.elements.text.value = "";
      form.elements.command.value = newId();
      send();
    }, () => HTMLFormElement.prototype.submit.call(form)); // a browser that keeps nothing sends it at once
  });
})();
