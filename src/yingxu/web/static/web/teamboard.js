// The team leader's board: a waiting job is dragged onto a person, or sent by the person's number; u takes the last back.
"use strict";
(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const forms = (from) => from && from.querySelector("form[data-send]");
  const send = (card, row) => {
    const form = forms(card), choice = form && form.querySelector("select[name=worker]");
    if (!choice || row.hasAttribute("data-absent")) return;
    choice.value = row.dataset.worker;
    if (choice.value === row.dataset.worker) form.requestSubmit();
  };
  const mark = (card) => {
    const fit = card && card.dataset.fit !== undefined ? card.dataset.fit.split(" ") : null;
    for (const row of board.querySelectorAll("[data-worker]")) {
      row.classList.toggle("is-fit", fit !== null && fit.includes(row.dataset.worker));
      row.classList.toggle("is-unfit", fit !== null && !fit.includes(row.dataset.worker));
    }
  };
  let dragged = null;
  // nothing is replaced under a hand that drags, chooses or types
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.classList.contains("tb-poll")) return;
    if (dragged || board.querySelector("details[open], select:focus, input:focus")) event.preventDefault();
  });
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-wait], [data-chip]");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    mark(dragged);
  });
  board.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    mark(null);
    for (const row of board.querySelectorAll(".is-over")) row.classList.remove("is-over");
  });
  board.addEventListener("dragover", (event) => {
    const row = event.target.closest("[data-worker]:not([data-absent])");
    if (!dragged || !row) return;
    event.preventDefault();
    row.classList.add("is-over");
  });
  board.addEventListener("dragleave", (event) => {
    const row = event.target.closest("[data-worker]");
    if (row && !row.contains(event.relatedTarget)) row.classList.remove("is-over");
  });
  board.addEventListener("drop", (event) => {
    const row = event.target.closest("[data-worker]");
    if (!dragged || !row) return;
    event.preventDefault();
    const card = dragged;
    card.classList.remove("is-dragged");
    dragged = null;
    mark(null);
    send(card, row);
  });
  board.addEventListener("focusin", (event) => mark(event.target.closest("[data-wait]")));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const card = event.target.closest("[data-wait], [data-chip]");
    if (card && /^[1-9]$/.test(event.key)) {
      const row = board.querySelector(`[data-worker][data-key="${event.key}"]`);
      if (row) { event.preventDefault(); send(card, row); }
    } else if (event.key === "u") {
      const offers = [...board.querySelectorAll("form[data-back]")].sort((a, b) => (a.dataset.back < b.dataset.back ? 1 : -1));
      if (offers.length) { event.preventDefault(); offers[0].requestSubmit(); }
    }
  });
})();
