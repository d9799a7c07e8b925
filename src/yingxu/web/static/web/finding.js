// A finding on a round: photos made small, and a queue for when the network is gone.
"use strict";
(() => {
  const form = document.getElementById("finding");
  if (!form || !window.fetch || !window.FormData || !self.indexedDB) return; // an old phone sends the form as it is
  const MOST = 6, TRY_S = 15, previews = document.getElementById("previews"), input = form.elements.photos;
  const show = (node, is_on) => { if (node) node.hidden = !is_on; };
  let photos = [];
  const preview = () => YingxuPhotos.preview(previews, photos);
  input.addEventListener("change", () => { Promise.all([...input.files].slice(0, MOST - photos.length).map(YingxuPhotos.small)).then((small) => { photos = [...photos, ...small]; input.value = ""; preview(); }); });

  const findings = YingxuOutbox.named("yingxu-findings", "findings", "command"), { newId } = YingxuOutbox;
  const waits = document.getElementById("waits"), count = waits.querySelector("[data-n]");
  let isSending = false, mine = "";
  // one after the other, each under its own id: sent twice it is one finding
  const send = () => findings.all().catch(() => []).then((kept) => {
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
      return findings.drop(one.command).then(() => answer.text()).then((page) => {
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
    findings.put({ command: mine, who: form.dataset.who, to: form.action, fields, photos }).then(() => {
      photos = []; preview();
      form.elements.text.value = "";
      form.elements.command.value = newId();
      send();
    }, () => HTMLFormElement.prototype.submit.call(form)); // a browser that keeps nothing sends it at once
  });
})();
