// The suggestion box on a phone: photos made small, a letter that waits here while the network is gone, a card to keep.
"use strict";
(() => {
  const MOST = 3, TRY_S = 15, { fresh: newCode, grouped } = YingxuCode;
  const form = document.getElementById("letter"), card = document.getElementById("card");
  const show = (node, is_on) => { if (node) node.hidden = !is_on; };

  // the card: copied, printed, or kept as a picture
  const spread = (node) => {
    if (!node) return;
    const code = node.querySelector("[data-code]"), told = node.querySelector("[data-told]");
    const lines = () => [node.dataset.title, code.textContent.trim(), node.dataset.box, node.dataset.address];
    show(node.querySelector("[data-keep]"), true);
    node.querySelector("[data-copy]").addEventListener("click", () => {
      const said = lines().join("\n"), done = () => { told.textContent = told.dataset.copied; };
      const by_hand = () => {
        const area = document.createElement("textarea");
        area.value = said; document.body.appendChild(area); area.select();
        try { if (document.execCommand("copy")) done(); } finally { area.remove(); }
      };
      if (navigator.clipboard && self.isSecureContext) navigator.clipboard.writeText(said).then(done, by_hand); else by_hand();
    });
    node.querySelector("[data-print]").addEventListener("click", () => window.print());
    node.querySelector("[data-picture]").addEventListener("click", () => {
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), font = getComputedStyle(document.body).fontFamily;
      canvas.width = 900; canvas.height = 420;
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, 900, 420);
      pen.strokeStyle = "#0f766e"; pen.lineWidth = 8; pen.strokeRect(10, 10, 880, 400);
      pen.fillStyle = "#111"; pen.textAlign = "center";
      const [title, said, box, address] = lines();
      pen.font = `32px ${font}`; pen.fillText(title, 450, 90, 840);
      pen.font = "bold 72px monospace"; pen.fillText(said, 450, 200, 840);
      pen.font = `30px ${font}`; pen.fillText(box, 450, 280, 840);
      pen.font = "24px monospace"; pen.fillText(address, 450, 340, 840);
      canvas.toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob); link.download = `${said}.png`; link.click();
        told.textContent = told.dataset.saved;
      }, "image/png");
    });
  };
  document.querySelectorAll(".claim[data-title]").forEach(spread);
  if (!form || !window.fetch || !window.FormData) return; // an old phone sends the form as it is

  // photos: at most three, each with a button that takes it out again
  const input = form.elements.photos, previews = document.getElementById("previews"), many = document.getElementById("many");
  let photos = [];
  const preview = () => YingxuPhotos.preview(previews, photos, (n) => { photos.splice(n, 1); show(many, false); preview(); });
  input.addEventListener("change", () => {
    const added = [...input.files];
    show(many, photos.length + added.length > MOST);
    Promise.all(added.slice(0, MOST - photos.length).map(YingxuPhotos.small)).then((small) => { photos = [...photos, ...small]; input.value = ""; preview(); });
  });

  // letters that wait for the network lie in this phone under their code, and are gone from it once they are in the box
  const box = YingxuOutbox.named("yingxu-box", "letters", "code");
  let memory = []; // a browser that keeps nothing (private mode) sends as long as the page stands
  const keep = (letter) => box.put(letter).catch(() => { memory.push(letter); });
  const drop = (letter) => { memory = memory.filter((one) => one.code !== letter.code); return box.drop(letter.code).catch(() => {}); };
  const waiting = () => box.all().catch(() => []).then((kept) => [...kept, ...memory]);

  const body = (letter) => {
    const said = new FormData();
    for (const name of ["text", "purpose", "signature", "code"]) said.append(name, letter[name]);
    letter.photos.forEach((blob, n) => said.append("photos", blob, `${n}.jpg`));
    said.append("ago_s", String(Math.max(0, (Date.now() - letter.at) / 1000)));
    return said;
  };
  const banner = document.getElementById("waits"), trouble = document.getElementById("trouble");
  let mine = "";
  const state = (name) => { for (const node of card.querySelectorAll("[data-state]")) node.hidden = node.dataset.state !== name; card.dataset.is = name; };
  const back = (letter, said) => { // refused for good: the words stand in the form again
    form.elements.text.value = letter.text; form.elements.signature.value = letter.signature; photos = letter.photos; preview();
    form.elements.code.value = newCode(); mine = "";
    show(card, false); show(form, true); show(trouble, true); trouble.textContent = said; trouble.scrollIntoView();
  };
  let isSending = false;
  const send = () => waiting().then((letters) => {
    const letter = letters[0];
    show(banner, letters.some((one) => one.code !== mine));
    if (!letter || isSending) return;
    isSending = true;
    let goes_on = false;
    fetch(letter.to, { method: "POST", body: body(letter), credentials: "omit", headers: { Accept: "application/json" } }).then((answer) => {
      if (answer.status === 429 || answer.status >= 500) throw new Error("later");
      return answer.json().then((said) => drop(letter).then(() => {
        goes_on = true;
        if (answer.ok) { if (letter.code === mine) state("in"); } else back(letter, said.said);
      }));
    }).catch(() => { if (letter.code === mine) state("waits"); }).finally(() => { isSending = false; if (goes_on) send(); });
  });
  window.addEventListener("online", send);
  setInterval(send, TRY_S * 1000);
  send();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.elements.text.value.trim();
    if (!text) { form.elements.text.focus(); return; }
    const purpose = form.querySelector("input[name=purpose]:checked");
    const letter = { to: form.action, code: form.elements.code.value, text, purpose: purpose ? purpose.value : "", signature: form.elements.signature.value, photos, at: Date.now() };
    mine = letter.code;
    card.querySelector("[data-code]").textContent = grouped(letter.code);
    state(navigator.onLine ? "goes" : "waits");
    show(trouble, false); show(form, false); show(document.querySelector(".box-anon"), false); show(card, true);
    card.scrollIntoView();
    form.reset(); photos = []; preview(); show(many, false);
    form.elements.code.value = newCode(); // the next letter is another one
    keep(letter).then(send);
  });
  document.getElementById("another").addEventListener("click", (event) => { event.preventDefault(); mine = ""; show(card, false); show(form, true); show(document.querySelector(".box-anon"), true); form.elements.text.focus(); });
})();
