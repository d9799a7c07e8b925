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
  const soil = () => {
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
  form.addEventListener("submit", () => { leaving = true; });
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
