// Ask: chips that follow the words, danger, photos made small, and an outbox for when the network is gone.
"use strict";
(() => {
  const form = document.getElementById("ask");
  if (!form || !window.fetch || !window.FormData || !FormData.prototype.entries) return; // an old phone sends the form as it is
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

  // photos: made small, so that one bar of signal carries them; one that is small already goes as it is
  const input = form.elements.photos, previews = document.getElementById("previews");
  let photos = [];
  const smaller = (file) => YingxuPhotos.small(file).then((blob) => (blob.size < file.size ? blob : file));
  input.addEventListener("change", () => {
    Promise.all([...input.files].slice(0, 6).map(smaller)).then((small) => {
      photos = small;
      preview();
    });
  });
  const preview = () => YingxuPhotos.preview(previews, photos);

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

  // the outbox: what could not be sent stays here under its command id and goes by itself, later and later, until it
  // could. The network may be gone, the house may be busy (429) or being mended (5xx): the same id makes it one request.
  const FIRST_S = 5, LAST_S = 300, does_stay = "stay" in form.dataset;
  const outbox = YingxuOutbox.named("yingxu", "outbox", "command"), { newId } = YingxuOutbox;
  if (does_stay) form.elements.command.value = newId(); // a page that was kept for days carries an old one
  const keep = (kept) => outbox.put(kept), drop = (kept) => outbox.drop(kept.command);
  const box = document.getElementById("outbox"), count = document.getElementById("outbox-count");
  const show = () => outbox.count().then((n) => { count.textContent = n; box.hidden = n === 0; return n; }).catch(() => 0);

  const packed = (kept) => {
    const body = new FormData();
    for (const [name, value] of kept.fields) body.append(name, value);
    body.set("command", kept.command);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    kept.photos.forEach((blob, at) => body.append("photos", blob, `photo${at + 1}.jpg`));
    if (kept.voice) body.append("voice", kept.voice, "voice.webm");
    return body;
  };
  const sent = (kept) => fetch(kept.action, { method: "POST", body: packed(kept), credentials: "same-origin" });
  // a page that was kept for long may carry a token that is no longer good: a fresh page has a fresh one
  const freshToken = () => fetch(form.action, { credentials: "same-origin", cache: "no-store" }).then((answer) => (answer.ok ? answer.text() : "")).then((html) => {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("#ask input[name=csrfmiddlewaretoken]");
    if (found) form.elements.csrfmiddlewaretoken.value = found.value;
    return Boolean(found);
  });
  const post = (kept) => sent(kept).then((answer) => (answer.status === 403 ? freshToken().then((is_fresh) => (is_fresh ? sent(kept) : answer)) : answer)).then((answer) => {
    if (answer.status !== 429 && answer.status !== 408 && answer.status < 500) return answer;
    const later = new Error("later");
    later.after_s = Math.min(600, Number(answer.headers.get("Retry-After")) || 0);
    throw later;
  });

  // each failure doubles the wait, up to five minutes; phones that all lost the network do not all come back at once
  let wait_s = 0, again = 0;
  const tryLater = (after_s) => {
    wait_s = Math.min(LAST_S, Math.max(FIRST_S, wait_s * 2));
    clearTimeout(again);
    again = setTimeout(sendAgain, Math.max(after_s || 0, wait_s) * (800 + 400 * Math.random()));
  };

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
    }, (why) => keep(kept).then(() => {
      form.reset(); photos = []; voice = null; if (spoken) spoken.hidden = true; text.required = true; preview();
      form.elements.command.value = newId();
      rest(); show(); look(); tryLater(why.after_s);
    }, () => { is_native = true; button.disabled = false; form.submit(); }));
  });

  // refused as it stands: once more without the kind of service (it may be offered no longer), then the words come back
  // to whoever typed them; a kiosk shows nobody the words of the one before and keeps them
  const refused = (kept, answer) => {
    const plain = kept.fields.filter(([name]) => name !== "item" && !name.startsWith("f."));
    if (answer.status === 409) return drop(kept).then(() => { kept.command = newId(); return keep(kept); });
    if (answer.status === 422 && plain.length < kept.fields.length) { kept.fields = plain; return keep(kept); }
    const words = kept.fields.filter(([name]) => name === "text")[0];
    if (does_stay || text.value || !words) return Promise.resolve();
    return drop(kept).then(() => { text.value = words[1]; photos = kept.photos; voice = kept.voice; preview(); look(); text.focus(); });
  };
  let is_sending = false;
  const sendAgain = () => {
    if (is_sending) return;
    is_sending = true;
    clearTimeout(again);
    let last = null, after_s = 0;
    const next = (left) => (left.length === 0 ? null : post(left[0]).then((answer) => {
      if (!answer.ok) return refused(left[0], answer);
      last = answer.url; wait_s = 0;
      return drop(left[0]);
    }).then(() => next(left.slice(1))));
    outbox.all().then(next).catch((why) => { after_s = why.after_s || 0; }).then(() => {
      is_sending = false;
      if (last && !text.value && !does_stay) location.assign(last); // a kiosk shows nobody the number of the one before
      return show();
    }).then((n) => { if (n) tryLater(after_s); });
  };
  document.getElementById("outbox-send").addEventListener("click", sendAgain);
  window.addEventListener("online", () => { wait_s = 0; sendAgain(); });
  window.addEventListener("pageshow", rest);
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
