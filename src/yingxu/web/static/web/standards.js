// The editor: cards move by buttons and by hand, what is not saved says so. Without this script its buttons still work.
"use strict";
(() => {
  const form = document.getElementById("editor");
  if (!form) return;
  const list = form.querySelector("[data-cards]");
  const state = form.querySelector(".editor-state");
  const told = form.querySelector("[data-moved]");
  let dirty = form.hasAttribute("data-dirty");
  let leaving = false;
  const cards = () => [...list.querySelectorAll("[data-card]")];
  // what is typed and not saved yet stays on this device: a flat battery, a closed tab, a lost network lose nothing
  const store = (() => { try { localStorage.setItem("yingxu-try", "1"); localStorage.removeItem("yingxu-try"); return localStorage; } catch { return null; } })();
  const under = form.dataset.keep;
  const revision = () => form.elements.revision.value;
  const unsent = new Set(["csrfmiddlewaretoken", "command", "act"]);
  const kept = () => { try { return JSON.parse(store?.getItem(under)); } catch { return null; } };
  const keep = (more = {}) => {
    const pairs = [...new FormData(form)].filter(([name]) => !unsent.has(name));
    try { store?.setItem(under, JSON.stringify({ at: Date.now(), revision: revision(), pairs, ...more })); } catch { /* full: the page still holds it */ }
  };
  let later = 0;
  const keepSoon = () => { clearTimeout(later); later = setTimeout(keep, 600); };
  const soil = () => {
    keepSoon();
    if (dirty) return;
    dirty = true;
    const word = document.createElement("span");
    word.className = "tone-warn";
    word.textContent = state.dataset.unsaved;
    state.replaceChildren(word);
  };
  const number = () => cards().forEach((card, at, all) => {
    card.querySelector("[data-number]").textContent = at + 1;
    card.querySelector("[data-up]").disabled = at === 0;
    card.querySelector("[data-down]").disabled = at === all.length - 1;
  });
  const settle = (card, button) => {
    number();
    soil();
    const all = cards();
    told.textContent = told.dataset.words.replace("{n}", all.indexOf(card) + 1).replace("{all}", all.length);
    all.forEach((other) => other.classList.toggle("is-moved", other === card));
    if (button) (button.disabled ? card.querySelector("[data-up]:enabled, [data-down]:enabled") : button)?.focus();
  };
  form.addEventListener("input", soil);
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(later);
    keep({ isSent: ["save", "submit"].includes(event.submitter?.value) });
  });
  window.addEventListener("pagehide", () => { if (dirty && !leaving) keep(); });
  const offer = (found) => {
    const box = document.querySelector("[data-kept-draft]");
    const words = box.querySelector("[data-kept-words]");
    const time = new Date(found.at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    words.textContent = words.dataset[found.revision === revision() ? "same" : "other"].replace("{time}", time);
    box.hidden = false;
    box.querySelector("[data-kept-away]").addEventListener("click", () => { store.removeItem(under); box.hidden = true; });
    box.querySelector("[data-kept-back]").addEventListener("click", () => {
      const again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      again.hidden = true;
      const secret = form.elements.csrfmiddlewaretoken.value;
      for (const [name, value] of [...found.pairs, ["csrfmiddlewaretoken", secret], ["act", "bring-back"]]) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value;
        again.append(field);
      }
      document.body.append(again);
      leaving = true;
      again.submit();
    });
  };
  const found = kept();
  if (dirty) keep();
  else if (found) {
    const isOld = Date.now() - found.at > 14 * 864e5;
    const isSaved = found.isSent && Number(found.revision) < Number(revision());
    if (isOld || isSaved) store.removeItem(under);
    else offer(found);
  }
  // a phone shows one urgency a line until it is opened; what is wrong or asked for stays open
  if (matchMedia("(max-width: 48rem)").matches)
    for (const fold of form.querySelectorAll("[data-fold]"))
      if (!fold.querySelector(".is-wrong, :target")) fold.open = false;
  const unfold = () => { const at = location.hash && document.getElementById(location.hash.slice(1)); at?.closest("details")?.setAttribute("open", ""); };
  window.addEventListener("hashchange", unfold);
  window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    event.preventDefault();
    const card = button.closest("[data-card]");
    const all = cards();
    const at = all.indexOf(card);
    if (button.hasAttribute("data-up") && at > 0) list.insertBefore(card, all[at - 1]);
    if (button.hasAttribute("data-down") && at < all.length - 1) list.insertBefore(all[at + 1], card);
    settle(card, button);
  });
  // by hand: the grip follows the pointer, mouse and finger alike
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    event.preventDefault();
    const card = grip.closest("[data-card]");
    card.classList.add("is-dragged");
    const move = (at) => {
      const over = cards().find((other) => {
        const box = other.getBoundingClientRect();
        return other !== card && at.clientY > box.top && at.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      list.insertBefore(card, at.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
    };
    const drop = () => {
      card.classList.remove("is-dragged");
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", drop);
      document.removeEventListener("pointercancel", drop);
      settle(card);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  });
  const focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();
  else if (form.dataset.anchor) {
    const card = document.getElementById(form.dataset.anchor);
    card?.scrollIntoView({ block: "center" });
    card?.querySelector("textarea, input:not([type=hidden]), select")?.focus();
  }
})();
