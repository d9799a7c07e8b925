// Ask: chips that follow the words, danger, photos made small, and an outbox for when the network is gone.
"use strict";
(() => {
  const form = document.getElementById("ask");
  if (!form || !window.fetch || !window.FormData) return;
  const text = form.elements.text, likely = document.getElementById("likely");

  // chips, promise, danger
  let timer = 0, asked = 0;
  const look = () => {
    const chosen = form.querySelector("input[name=item]:checked");
    const url = new URL(form.dataset.likely, location.href);
    url.searchParams.set("text", text.value);
    if (chosen) url.searchParams.set("item", chosen.value);
    const turn = ++asked;
    fetch(url, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.text() : null)).then((html) => {
      if (html === null || turn !== asked) return;
      const focused = document.activeElement && document.activeElement.name === "item" ? document.activeElement.value : "";
      const typed = [...likely.querySelectorAll("[name^='f.']")].map((n) => [n.name, n.type === "checkbox" ? n.checked : n.value]);
      likely.innerHTML = html;
      for (const [name, value] of typed) { // what was typed into an item's fields stays
        const node = likely.querySelector(`[name="${name}"]`);
        if (node && node.type === "checkbox") node.checked = value; else if (node && value) node.value = value;
      }
      document.body.classList.toggle("is-danger", likely.querySelector("[data-danger]") !== null);
      if (focused) for (const chip of form.querySelectorAll("input[name=item]")) if (chip.value === focused) chip.focus();
    }).catch(() => {});
  };
  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 300); });
  likely.addEventListener("change", (event) => { if (event.target.name === "item") look(); });
  // a second tap on the chosen chip lets it go
  likely.addEventListener("click", (event) => {
    const chip = event.target;
    if (chip.name !== "item") return;
    if (chip.dataset.held) { chip.checked = false; delete chip.dataset.held; look(); } else chip.dataset.held = "1";
  });

  // photos: at most 1600 px, so that one bar of signal carries them
  const LONGEST = 1600;
  const input = form.elements.photos, previews = document.getElementById("previews");
  let photos = [];
  const shrink = (file) => new Promise((done) => {
    const address = URL.createObjectURL(file), image = new Image();
    image.onerror = () => done(file);
    image.onload = () => {
      const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => done(blob && blob.size < file.size ? blob : file), "image/jpeg", 0.8);
    };
    image.src = address;
  });
  input.addEventListener("change", () => {
    Promise.all([...input.files].slice(0, 6).map(shrink)).then((small) => {
      photos = small;
      previews.replaceChildren(...small.map((blob) => {
        const image = document.createElement("img");
        image.src = URL.createObjectURL(blob);
        image.alt = "";
        return image;
      }));
      previews.hidden = small.length === 0;
    });
  });

  // a voice note, at most a minute: where the browser records (a secure context only); the words are optional then
  let voice = null;
  const speak = document.getElementById("speak"), spoken = document.getElementById("spoken");
  if (speak && self.isSecureContext && self.MediaRecorder && navigator.mediaDevices) {
    const said_speak = speak.querySelector("span").textContent;
    let recorder = null;
    speak.hidden = false;
    speak.addEventListener("click", () => {
      if (recorder) { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
        const parts = [];
        recorder = new MediaRecorder(stream);
        recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
        recorder.addEventListener("stop", () => {
          stream.getTracks().forEach((track) => track.stop());
          voice = new Blob(parts, { type: recorder.mimeType });
          recorder = null;
          spoken.src = URL.createObjectURL(voice);
          spoken.hidden = false;
          text.required = false;
          speak.querySelector("span").textContent = said_speak;
          speak.setAttribute("aria-pressed", "false");
        });
        recorder.start();
        speak.querySelector("span").textContent = speak.dataset.stop;
        speak.setAttribute("aria-pressed", "true");
        setTimeout(() => { if (recorder) recorder.stop(); }, 60000);
      }).catch(() => { speak.hidden = true; });
    });
  }

  // the outbox: what could not be sent stays on the phone, under its command id, until it could
  const STORE = "outbox";
  const open = () => new Promise((done, fail) => {
    const opening = indexedDB.open("yingxu", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "command" });
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const store = (mode, act) => open().then((db) => new Promise((done, fail) => {
    const turn = db.transaction(STORE, mode), asking = act(turn.objectStore(STORE));
    turn.oncomplete = () => { db.close(); done(asking.result); };
    turn.onerror = () => { db.close(); fail(turn.error); };
  }));
  const box = document.getElementById("outbox"), count = document.getElementById("outbox-count");
  const show = () => store("readonly", (s) => s.count()).then((n) => { count.textContent = n; box.hidden = n === 0; }).catch(() => {});

  const packed = (kept) => {
    const body = new FormData();
    for (const [name, value] of kept.fields) body.append(name, value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    kept.photos.forEach((blob, at) => body.append("photos", blob, `photo${at + 1}.jpg`));
    if (kept.voice) body.append("voice", kept.voice, "voice.webm");
    return body;
  };
  const post = (kept) => fetch(kept.action, { method: "POST", body: packed(kept), credentials: "same-origin" }).then((answer) => {
    if (answer.status >= 500) throw new Error("later");
    return answer;
  });

  const button = document.getElementById("send"), label = button.querySelector("span"), said = label.textContent;
  const rest = () => { button.disabled = false; label.textContent = said; };
  let is_native = false;
  form.addEventListener("submit", (event) => {
    if (is_native) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    label.textContent = form.dataset.sending;
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "photos" && typeof value === "string");
    const kept = { command: form.elements.command.value, action: form.action, fields, photos, voice };
    post(kept).then((answer) => {
      if (answer.ok) { location.assign(answer.url); return; }
      is_native = true; button.disabled = false; form.submit(); // the server's own page says what is wrong
    }, () => store("readwrite", (s) => s.put(kept)).then(() => {
      form.reset(); photos = []; voice = null; if (spoken) spoken.hidden = true; text.required = true; previews.replaceChildren(); previews.hidden = true;
      form.elements.command.value = self.crypto && crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
      rest(); show(); look();
    }, () => { is_native = true; button.disabled = false; form.submit(); }));
  });

  let is_sending = false;
  const sendAgain = () => {
    if (is_sending) return;
    is_sending = true;
    store("readonly", (s) => s.getAll()).then(async (all) => {
      let last = null;
      for (const kept of all) {
        const answer = await post(kept);
        if (answer.status === 429 || answer.status === 403) break;
        await store("readwrite", (s) => s.delete(kept.command));
        if (answer.ok) last = answer.url;
      }
      if (last && !text.value && !("stay" in form.dataset)) location.assign(last); // a kiosk shows nobody the number of the one before
    }).catch(() => {}).then(() => { is_sending = false; show(); });
  };
  document.getElementById("outbox-send").addEventListener("click", sendAgain);
  window.addEventListener("online", sendAgain);
  window.addEventListener("pageshow", rest);
  setInterval(() => { if (!box.hidden) sendAgain(); }, 20000);
  if (window.indexedDB) { show(); sendAgain(); }

  // another place, found while typing
  const elsewhere = document.getElementById("elsewhere");
  if (elsewhere) {
    const find = elsewhere.elements.find, found = document.getElementById("found");
    let wait = 0;
    find.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => {
        fetch(`${elsewhere.dataset.places}?find=${encodeURIComponent(find.value)}`, { credentials: "same-origin" })
          .then((answer) => (answer.ok ? answer.text() : "")).then((html) => { found.innerHTML = html; }).catch(() => {});
      }, 250);
    });
    elsewhere.addEventListener("submit", (event) => {
      // the words already typed go along to the page of the other place
      const carried = document.createElement("input");
      carried.type = "hidden"; carried.name = "text"; carried.value = text.value;
      elsewhere.append(carried);
    });
  }
})();
