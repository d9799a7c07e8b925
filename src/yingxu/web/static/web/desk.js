// The desk by keyboard: the drawer, combo boxes, number keys, the palette; moved cards flash once and are said aloud.
"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  const drawer = $("#drawer"), palette = $("#palette"), said = $("#desk-said"), live = $("#live");
  let opener = "";

  // the drawer
  const shown = (event) => {
    const target = event.detail.target;
    if (target.id === "drawer-body") {
      // who shut the drawer meanwhile does not want it back, unless what was done in it is refused
      const isShut = event.detail.requestConfig && event.detail.requestConfig.fromDrawer && event.detail.xhr.status < 400;
      if (drawer && !drawer.open && isShut) return;
      if (drawer && !drawer.open) drawer.showModal();
      const title = $("#drawer-title", target);
      const confirm = $("[data-confirm]", target);
      if (confirm) confirm.focus(); else if (title) title.focus();
      const notice = $("#drawer-notice");
      if (notice) notice.replaceChildren();
    }
    if (target.id === "caller") fillCaller(target);
    if (target.id === "proposal" && waiting) { waiting = false; takeProposal(); }
    if (target.id === "call-fields") {
      // the proposal was taken or sending was refused: what is still needed comes next
      const needed = [...target.querySelectorAll(".item-field")].find((box) => box.classList.contains("is-wrong") || (box.querySelector("label")?.textContent.includes("*") && !box.querySelector("input, select").value));
      const from = document.activeElement;
      if (needed && (from === document.body || (from && from.type === "submit"))) needed.querySelector("input, select").focus();
    }
    if (target.id === "call") { const first = $("#call-phone"); if (first) first.focus(); }
    if (target.getAttribute("role") === "listbox") openOptions(target);
  };
  document.addEventListener("htmx:afterSettle", shown); // not earlier: a key pressed at once must meet forms that htmx knows
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest("[data-row]");
    if (link) opener = link.id;
    if (drawer && event.detail.requestConfig) event.detail.requestConfig.fromDrawer = drawer.contains(event.target);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const notice = $("#drawer-notice");
    const inDrawer = drawer ? drawer.open : notice !== null;
    if (event.detail.xhr.status >= 500) {
      // a whole page of apology has no place inside a form: say it in a line, keep what was typed
      event.detail.shouldSwap = false;
      const words = document.createElement("div");
      words.className = "refusal";
      words.textContent = document.body.querySelector("[data-fault]")?.dataset.fault || "!";
      (inDrawer ? notice : $("#notice")).replaceChildren(words);
      return;
    }
    if (event.detail.xhr.status >= 400 && notice && inDrawer) event.detail.target = notice;
  });
  if (drawer) {
    drawer.addEventListener("close", () => { const link = opener && document.getElementById(opener); if (link) link.focus(); });
    drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "dialog") return;
    if (!event.target.closest("dialog")) event.preventDefault();
  });

  // what moved
  let before = new Map();
  const states = () => new Map([...document.querySelectorAll("[data-row][data-number]")].map((node) => [node.id, node.dataset.state]));
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target === live) before = states(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== live) return;
    const words = [];
    for (const [id, state] of states()) {
      if (before.get(id) === state) continue;
      const node = document.getElementById(id);
      node.classList.add("is-moved");
      const badge = node.querySelector(".state") || (node.closest("tr") && node.closest("tr").querySelector(".state"));
      words.push(`${node.dataset.number} ${badge ? badge.textContent.trim() : ""}`);
    }
    if (words.length && said) said.textContent = words.slice(0, 3).join("; ");
  });

  // a card dragged onto somebody: what would break is told first; nothing is replaced under the hand that drags
  let dragged = null;
  const over = (row) => { for (const one of document.querySelectorAll("[data-hands]")) one.classList.toggle("is-over", one === row); };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest ? event.target.closest("[data-give]") : null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.number);
    dragged.classList.add("is-dragged");
    // not within the event: the browser would think that what is dragged went away
    setTimeout(() => {
      if (!dragged || !live) return;
      for (const team of live.querySelectorAll("[data-lines]")) team.classList.toggle("is-other", !team.dataset.lines.split(" ").includes(dragged.dataset.line));
      live.classList.add("is-dragging");
    }, 0);
  });
  const dropped = () => {
    if (dragged) dragged.classList.remove("is-dragged");
    if (live) live.classList.remove("is-dragging");
    dragged = null;
    over(null);
  };
  document.addEventListener("dragend", dropped);
  document.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest("[data-hands]");
    if (row) event.preventDefault();
    if (dragged) over(row);
  });
  document.addEventListener("drop", (event) => {
    const row = dragged && event.target.closest("[data-hands]");
    if (!row) return;
    event.preventDefault();
    opener = dragged.id;
    const from = `/desk/requests/${dragged.dataset.give}/send/${row.dataset.hands}`;
    dropped();
    htmx.ajax("GET", from, { target: "#drawer-body", swap: "innerHTML" });
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (dragged && event.target.classList.contains("desk-poll")) event.preventDefault();
  });

  // the last one sent from here: u opens it, where u takes the offer back
  let lastSent = "";
  document.addEventListener("htmx:afterRequest", (event) => {
    const asked = event.detail.requestConfig;
    if (event.detail.successful && asked && /\/(re)?assign$/.test(asked.path)) lastSent = asked.formData.get("request") || "";
  });

  // combo boxes
  const openOptions = (list) => {
    const box = list.closest("[data-combo]"), input = $("[role=combobox]", box);
    if (document.activeElement !== input) return;
    list.hidden = list.children.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const closeOptions = (box) => {
    $("[role=listbox]", box).hidden = true;
    $("[role=combobox]", box).setAttribute("aria-expanded", "false");
  };
  const addChosen = (box, option) => {
    const list = $(".call-chosen", box);
    if ([...list.querySelectorAll("input")].some((one) => one.value === option.dataset.code)) return;
    const row = document.createElement("li"), code = document.createElement("input"), away = document.createElement("button");
    code.type = "hidden";
    code.name = box.dataset.many;
    code.value = option.dataset.code;
    away.type = "button";
    away.className = "btn btn-sm";
    away.textContent = `${option.dataset.label} ×`;
    away.addEventListener("click", () => { row.remove(); $("[role=combobox]", box).focus(); });
    row.append(code, away);
    list.append(row);
  };
  const choose = (box, option) => {
    if (!option || !option.dataset.code) return;
    const input = $("[role=combobox]", box);
    if (box.dataset.many) { addChosen(box, option); input.value = ""; closeOptions(box); return; }
    input.value = option.dataset.label;
    delete input.dataset.by;
    $("input[type=hidden]", box).value = option.dataset.code;
    closeOptions(box);
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-combo]");
    if (box && !box.dataset.many && event.target.getAttribute("role") === "combobox") $("input[type=hidden]", box).value = "";
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); choose(option.closest("[data-combo]"), option); }
  });
  document.addEventListener("focusout", (event) => {
    const box = event.target.closest && event.target.closest("[data-combo]");
    if (box) closeOptions(box);
  });
  const comboKeys = (event) => {
    const box = event.target.closest("[data-combo]");
    const list = $("[role=listbox]", box), options = [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      list.hidden = false;
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === next)));
      event.target.setAttribute("aria-activedescendant", options[next].id);
      event.target.setAttribute("aria-expanded", "true");
      options[next].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.ctrlKey && !list.hidden && options.length) {
      event.preventDefault();
      choose(box, options[Math.max(0, at)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      closeOptions(box);
    }
  };

  // the proposal: taken by one key, every field can be changed; what somebody typed is never overwritten
  let waiting = false;
  const put = (input, value, hidden, code) => {
    if (input.value && !input.dataset.by) return;
    input.value = value;
    input.dataset.by = "proposal";
    if (hidden) hidden.value = code;
  };
  const takeProposal = () => {
    const found = $("#proposal [data-proposal]");
    if (!found) return false;
    if (found.dataset.item) put($("#call-item-words"), found.dataset.itemName, $("#call-item"), found.dataset.item);
    if (found.dataset.place) put($("#call-place-words"), found.dataset.placeName, $("#call-place"), found.dataset.place);
    put($("#call-priority"), found.dataset.priority);
    found.classList.add("is-taken");
    $("#call-item-words").dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
    $("[data-call] button[type=submit]").focus();
    return true;
  };
  document.addEventListener("input", (event) => { if (event.isTrusted) delete event.target.dataset.by; });
  document.addEventListener("change", (event) => { if (event.isTrusted) delete event.target.dataset.by; });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-apply]")) takeProposal();
    const item = event.target.closest("[data-take-item]"), place = event.target.closest("[data-take-place]");
    const chosen = item || place;
    if (chosen) {
      const box = $(`[name=${item ? "item" : "place"}]`, chosen.closest("form"));
      box.value = item ? item.dataset.takeItem : place.dataset.takePlace;
      const words = $(`[name=${item ? "item_words" : "place_words"}]`, chosen.closest("form"));
      words.value = chosen.dataset.name;
      delete words.dataset.by;
      words.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
      words.focus();
    }
    const ringing = event.target.closest("[data-take-call]");
    if (ringing) takeCall(ringing.closest("[data-call-row]"));
    const quiet = event.target.closest("[data-quiet]");
    if (quiet) { sessionStorage.setItem("yingxu-quiet", isQuiet() ? "" : "1"); sound(); }
  });

  // a call pops up at whoever picked it up, and at a press
  const takeCall = (row) => {
    const phone = $("#call-phone");
    if (!phone) return;
    phone.value = row.dataset.number;
    $("#call-id").value = row.dataset.call;
    phone.dispatchEvent(new Event("input", { bubbles: true }));
    $("#call-text").focus();
  };
  const popped = new Set();
  const pop = () => {
    const row = $("[data-call-row][data-pop]"), phone = $("#call-phone");
    if (!row || !phone || popped.has(row.dataset.call)) return;
    popped.add(row.dataset.call);
    if (!phone.value && !$("#call-text").value && !(drawer && drawer.open)) takeCall(row);
  };

  // a critical request that nobody has taken up sounds until somebody does
  let audio = null;
  const isQuiet = () => sessionStorage.getItem("yingxu-quiet") === "1";
  const beep = () => {
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume();
    for (const [at, pitch] of [[0, 880], [0.22, 660]]) {
      const tone = audio.createOscillator(), volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.value = 0.12;
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.18);
    }
  };
  const sound = () => {
    const alarm = $("[data-alarm]"), button = $("[data-quiet]");
    if (button) button.textContent = isQuiet() ? button.dataset.on : button.dataset.off;
    document.title = alarm ? `! ${document.title.replace(/^! /, "")}` : document.title.replace(/^! /, "");
    if (alarm && !isQuiet() && window.AudioContext) { try { beep(); } catch { /* no loudspeaker: the banner stands */ } }
  };
  if (live) { sound(); setInterval(sound, 4000); pop(); }
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target === live) { pop(); const button = $("[data-quiet]"); if (button) button.textContent = isQuiet() ? button.dataset.on : button.dataset.off; } });

  const fillCaller = (target) => {
    const known = $(".caller", target);
    if (!known) return;
    const name = $("#call-name"), words = $("#call-place-words"), code = $("#call-place");
    // what the number told is a guess: another number, or a place in the caller's words, takes its stead
    if (!name.value || name.dataset.by === "caller") { name.value = known.dataset.name; name.dataset.by = "caller"; }
    if ((!words.value || words.dataset.by === "caller") && known.dataset.place) { words.value = known.dataset.placeName; words.dataset.by = "caller"; code.value = known.dataset.place; words.dispatchEvent(new CustomEvent("chosen", { bubbles: true })); }
  };

  // keys
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) { event.preventDefault(); openPalette(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    // past what the number told of the caller, straight to what is wrong
    if (event.key === "Enter" && (event.target.id === "call-phone" || event.target.id === "call-name") && !$("#call-text").value) {
      event.preventDefault();
      $("#call-text").focus();
      return;
    }
    if (event.key === "Enter" && event.target.id === "call-text" && event.target.value.trim()) {
      event.preventDefault();
      const found = $("#proposal [data-proposal]");
      if (found && found.dataset.text === event.target.value.trim()) takeProposal();
      else { waiting = true; event.target.dispatchEvent(new CustomEvent("propose")); }
      return;
    }
    if (event.target.getAttribute && event.target.getAttribute("role") === "combobox") { comboKeys(event); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const scope = drawer && !drawer.open ? "#call" : "#drawer-body";
    const planned = event.key === "Enter" && drawer && drawer.open && !event.target.closest("a, button, summary") ? document.querySelector("#drawer-body [data-enter]") : null;
    if (planned) { event.preventDefault(); planned.click(); return; }
    const offer = /^[1-9a-z]$/.test(event.key) ? document.querySelector(`${scope} [data-key="${event.key}"]`) : null;
    if (offer) { event.preventDefault(); offer.click(); } else if (event.key === "c" && !(drawer && drawer.open)) {
      const ringing = $("[data-take-call]");
      if (ringing) { event.preventDefault(); takeCall(ringing.closest("[data-call-row]")); }
    } else if (event.key === "u" && lastSent && drawer && !drawer.open) {
      event.preventDefault();
      htmx.ajax("GET", `/desk/requests/${lastSent}`, { target: "#drawer-body", swap: "innerHTML" });
    } else if (event.key === "n" && !(drawer && drawer.open)) {
      const phone = $("#call-phone");
      if (phone) { event.preventDefault(); phone.focus(); }
    }
  });

  // the palette
  const openPalette = () => { palette.showModal(); $("#palette-input").value = ""; filterPalette(); $("#palette-input").focus(); };
  const filterPalette = () => {
    const words = $("#palette-input").value.trim().toLowerCase();
    for (const row of palette.querySelectorAll("li")) row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words);
  };
  if (palette) {
    const button = $("#palette-open");
    if (button) button.addEventListener("click", openPalette);
    palette.addEventListener("input", filterPalette);
    palette.addEventListener("keydown", (event) => {
      const rows = [...palette.querySelectorAll("li:not([hidden]) > *")];
      const at = rows.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (rows.length) rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length].focus();
      } else if (event.key === "Enter" && event.target.id === "palette-input" && rows.length) {
        event.preventDefault();
        rows[0].click();
      }
    });
    palette.addEventListener("click", (event) => {
      const button_ = event.target.closest("[data-go]");
      if (event.target === palette) palette.close();
      if (button_) { palette.close(); const there = $(button_.dataset.go); if (there) there.focus(); }
    });
  }
})();
