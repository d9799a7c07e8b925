// Found something broken, in three taps: what, where, send. Words, photos and a voice note may come along.
"use strict";
(() => {
  const { W, h, icon, button, say, field, taking } = YingxuDraw;

  const defect = ({ act, fail, kinds, places, close }) => {
    const chosen = { item: "", place: places.length ? places[0][0] : "" };
    const made = [];
    let voice = null, recording = null;
    const value = (id) => document.getElementById(id).value.trim();
    const choose = (name, code, tapped) => {
      chosen[name] = code;
      for (const one of tapped.parentElement.children) one.setAttribute("aria-pressed", String(one === tapped));
      const box = document.getElementById("defect-where");
      if (name === "place" && box) box.hidden = code !== "";
    };
    const chips = (name, pairs) => h("div.chips-big", { role: "group" }, pairs.map(([code, label]) => h("button.button", { type: "button", "data-chip": code || "other", "aria-pressed": String(code === chosen[name]), onclick: (event) => choose(name, code, event.currentTarget) }, label)));
    const send = async () => {
      if (recording) await recording.stop();
      const item = kinds.find(([code]) => code === chosen.item), words = value("defect-place");
      const text = value("defect-text") || (item ? item[1] : "") || (voice ? W.voice_said : "");
      if (!text) { fail(W.defect_needs); return; }
      if (!chosen.place && !words) { fail(W.defect_elsewhere); return; }
      const all = voice ? [...made, voice] : made;
      if (await act("defect", { item: chosen.item, text, place: chosen.place, place_words: chosen.place ? "" : words, photos: all.map((one) => one.photo) }, all.map((one) => one.blob), W.defect_kept)) close();
    };
    const n = h("span", {}, W.photo);
    const take = async (event) => {
      for (const file of event.target.files) { try { made.push(await YingxuScan.photo(file)); } catch { fail(W.photo_unreadable); } }
      n.textContent = say(W.photos_kept, { n: made.length });
    };
    // speaking is quicker than typing with gloves; at most a minute
    const spoken = h("audio.voice-note", { controls: true, hidden: true, "aria-label": W.voice });
    const label = h("span", {}, W.voice);
    const speak = async (event) => {
      const tapped = event.currentTarget;
      if (recording) { await recording.stop(); return; }
      try { recording = await YingxuScan.record(); } catch { YingxuScan.bad(); fail(W.voice_denied); return; }
      label.textContent = W.voice_stop; tapped.setAttribute("aria-pressed", "true");
      recording.done.then((kept) => {
        recording = null; label.textContent = W.voice_again; tapped.setAttribute("aria-pressed", "false");
        if (!kept) return;
        voice = kept; spoken.src = URL.createObjectURL(kept.blob.blob); spoken.hidden = false;
      });
    };
    return h("section#defect.card.stack", {}, h("h2", {}, W.defect), h("p.label", {}, W.defect_kind), chips("item", [...kinds, ["", W.defect_other]]),
      h("p.label", {}, W.defect_place), chips("place", [...places.map(([code, name]) => [code, say(W.defect_here, { place: name })]), ["", W.defect_elsewhere]]),
      h("div#defect-where", { hidden: Boolean(chosen.place) }, h("label.visually-hidden", { for: "defect-place" }, W.defect_elsewhere), h("input#defect-place", { type: "text", maxlength: "200" })),
      ...field(W.defect_words, h("input#defect-text", { type: "text", maxlength: "500" })),
      YingxuScan.canRecord() ? [h("button.button.wide", { type: "button", "aria-pressed": "false", "data-voice": true, onclick: speak }, icon("microphone"), label), spoken] : null,
      taking(n, { onchange: take }),
      button(W.defect_send, "send", send, { main: true, big: true, "data-act": "defect" }), button(W.close, "x", () => { if (recording) recording.stop(); close(); }));
  };

  window.YingxuDefect = { defect };
})();
