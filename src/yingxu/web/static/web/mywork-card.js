// The card: what, where, by when, and what may be pressed next. Draws a job as it stands on the phone; says what is pressed.
"use strict";
(() => {
  const { W, h, icon, button, say, clockTime, countdown, fold, field, select } = YingxuDraw;
  const { may, asked, isDone, missing } = YingxuJob;

  // act(name, said, blobs) does it; fail(words) says what is missing
  const card = (job, { act, fail, now, mates, shelves, delays, fileOf }) => {
    const value = (id) => (document.getElementById(id) ? document.getElementById(id).value.trim() : "");
    return [head(job, { act, fail, now, value, fileOf }), job.is_hand_over ? null : [YingxuParts.load(job, { act, fail, delays }), steps(job, { act, fail, value }), YingxuParts.parts(job, { act, fail, shelves }), ending(job, { act, fail, value }), more(job, { act, fail, mates, value })]];
  };

  const head = (job, { act, fail, now, value, fileOf }) => h(`article#now.card.job-card.p${job.priority}`, { "data-job": job.id, "data-state": job.state },
    h("p.job-top", {}, h("span.urgency", {}, job.urgency), h("span.state.tone-muted", {}, W.states[job.state] || job.state), job.n_waiting ? h("span.waits", {}, icon("wifi-off"), `${W.not_sent} ${job.n_waiting}`) : null, h("span.job-number", {}, job.number)),
    h("h2.job-where", {}, icon("map-pin"), h("span", {}, job.where || "—")),
    h("p.job-what", {}, job.what), h("p.job-text", {}, job.text), job.said.map((text) => h("p.job-text", {}, say(W.said_by_asker, { text }))),
    job.asked.length ? h("dl.asked", {}, job.asked.map((one) => [h("dt", {}, one.name), h("dd", {}, one.covered ? "••••" : one.at ? new Date(one.at).toLocaleString() : one.value)])) : null,
    job.state === "dispatched" && job.accept_by ? h("p.job-clock", {}, `${W.accept_by} `, countdown(job.accept_by, now)) : null,
    job.limits.map((limit) => h("p.job-clock", {}, `${limit.name}: `, limit.paused ? h("span.clock.is-paused", {}, W.stands) : countdown(limit.due, now))),
    (job.files || []).map((address) => h("audio.voice-note", { controls: true, preload: "none", src: fileOf(address), "aria-label": W.voice_asker })),
    job.phone ? h("a.button.wide", { href: `tel:${job.phone}` }, icon("phone"), `${W.call_asker} ${job.asker}`) : null,
    job.is_hand_over ? [button(W.acts["take-over"], "switch-horizontal", () => act("take-over"), { main: true, big: true, "data-act": "take-over" }), button(W.acts["leave-it"], "", () => act("leave-it"), { "data-act": "leave-it" })] : null,
    may(job, "accept") ? button(W.acts.accept, "user-check", () => act("accept"), { main: true, big: true, "data-act": "accept" }) : null,
    may(job, "set-out") ? button(W.acts["set-out"], "walk", () => act("set-out"), { main: true, big: true, "data-act": "set-out" }) : null,
    may(job, "arrive") ? arriving(job, { act, fail, value }) : null,
    may(job, "start") ? button(W.acts.start, "player-play", () => act("start"), { main: true, big: true, "data-act": "start" }) : null,
    job.proof === "none" && ["arrived", "in_progress"].includes(job.state) ? h("p.hint", {}, icon("alert-triangle"), W.on_the_spot) : null,
    job.state === "paused" ? [h("p.job-pause", {}, icon("player-pause"), h("span", {}, job.pause.name, job.pause.until ? ` · ${W.pause_until} ${clockTime(job.pause.until)}` : "", h("br"), { approved: W.pause_approved, asked: W.pause_asked }[job.pause.verdict] || W.pause_runs)), button(W.acts.resume, "player-play", () => act("resume"), { main: true, big: true, "data-act": "resume" })] : null,
    job.helped ? h("p.job-pause", {}, icon("users"), W.helped) : null);

  const arriving = (job, { act, fail, value }) => {
    const box = h("div#scanner.scanner", { "data-hint": W.scan_hint });
    let stop = null;
    const got = async (code, by) => {
      if (stop) { stop(); stop = null; }
      if (!code) { await act("arrive", {}); return; }
      const fits = await YingxuScan.fits(job, code);
      if (fits === false) { YingxuScan.bad(); fail(say(W.code_wrong, { place: job.where })); return; }
      if (await act("arrive", { code, by }, [], fits ? (by === "camera" ? W.code_right : `${W.code_right} · ${W.typed_weaker}`) : W.code_unknown)) YingxuScan.good();
    };
    const look = async () => {
      if (stop) { stop(); stop = null; return; }
      try { stop = await YingxuScan.scan(box, (code) => got(code, "camera")); } catch (error) { YingxuScan.bad(); fail(error && ["NotAllowedError", "SecurityError"].includes(error.name) ? W.camera_denied : W.camera_missing); }
    };
    const isNext = !may(job, "set-out"); // one main button a screen
    const typed = h("input#code", { type: "text", maxlength: "64", autocapitalize: "characters", autocomplete: "off", spellcheck: "false", "aria-describedby": "code-hint" });
    return h("div.arrive.stack", {},
      YingxuScan.canScan() ? button(W.scan, "scan", look, { main: isNext, big: true, "data-scan": true }) : h("p.hint", {}, W.camera_missing), box,
      h("label.label", { for: "code" }, W.code), typed, h("p#code-hint.hint", {}, W.code_hint),
      button(W.acts.arrive, "map-pin", () => got(YingxuScan.tokenOf(value("code")), "typed"), { big: true, main: isNext && !YingxuScan.canScan(), "data-act": "arrive" }));
  };

  const taking = (label, act, fail, said) => h("label.button.wide.big.pick", {}, icon("camera"), h("span", {}, label), h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, "data-label": said.label, onchange: async (event) => {
    const files = [...event.target.files];
    const made = [];
    for (const file of files) { try { made.push(await YingxuScan.photo(file)); } catch { fail(W.photo_unreadable); return; } }
    if (made.length) await act("photo", { ...said, photos: made.map((one) => one.photo) }, made.map((one) => one.blob));
  } }));

  const steps = (job, { act, fail, value }) => {
    if (!may(job, "step") && !may(job, "photo")) return null;
    const all = asked(job), first = all.find((step) => !isDone(job, step));
    const codes = new Set(all.filter((step) => step.kind === "photo").map((step) => step.code));
    const extra = ["before", "after"].filter((code) => !codes.has(code));
    const n = all.filter((step) => isDone(job, step)).length;
    return h("section#steps.card", { "aria-labelledby": "steps-title" },
      h("h2#steps-title", {}, `${W.steps} `, h("span.figure", {}, `${n}/${all.length}`)), job.goal ? h("p.hint", {}, job.goal) : null,
      !job.is_safe && job.priority < 3 ? button(W.acts.safe, "shield-check", () => act("safe"), { "data-act": "safe" }) : null,
      may(job, "step") ? h("ol.work-steps", {}, all.map((step, at) => oneStep(job, step, at + 1, step === first, { act, fail, value }))) : null,
      extra.map((code) => h("div", {}, taking(`${code === "before" ? W.photo_before : W.photo_after}${job.photos.filter((one) => one === code).length ? ` · ${say(W.photos_kept, { n: job.photos.filter((one) => one === code).length })}` : ""}`, act, fail, { label: code }))),
      h("a.button.wide", { href: document.body.dataset.handbookPage.replace("ITEM", job.item) }, icon("clipboard-list"), W.handbook_page));
  };

  const shown = (step) => {
    const { value } = step.done;
    if (value === null || typeof value === "boolean" || Array.isArray(value) || (typeof value === "string" && value.startsWith("data:"))) return "";
    const choice = step.choices.find(([code]) => code === value);
    return `: ${choice ? choice[1] : value}${step.unit}`;
  };
  const oneStep = (job, step, at, isOpen, { act, fail, value }) => {
    const done = isDone(job, step), ok = !step.done || step.done.ok, id = `v-${step.code}`;
    const keep = (result, note) => act("step", note ? { step: step.code, value: null, note } : { step: step.code, value: result });
    const number = () => {
      const text = value(id).replace(",", ".");
      if (!text || Number.isNaN(Number(text))) { fail(W.needs_number); return; }
      keep(Number(text));
    };
    const words = () => { if (!value(id)) { fail(step.kind === "signature" ? W.needs_name : W.needs_words); return; } keep(step.kind === "scan" ? YingxuScan.tokenOf(value(id)) : value(id)); };
    const limits = [step.min, step.max].map((one) => (one === null || one === undefined ? "" : one)).join("–");
    const row = (press, more) => h("div.row", {}, h("input.grow", { id, type: "text", ...more }), h("button.button", { type: "button", onclick: press }, W.keep));
    const asks = {
      tick: () => button(W.yes, "check", () => keep(true), { big: true, "data-value": "yes" }),
      choice: () => step.choices.map(([code, name]) => button(name, "", () => keep(code), { "data-value": code })),
      number: () => row(number, { inputmode: "decimal", placeholder: `${limits === "–" ? "" : limits} ${step.unit}`.trim(), "aria-label": step.text }),
      photo: () => taking(W.photo, act, fail, { label: step.code }),
      signature: () => signing(job, step.code, { act, fail, value }),
      scan: () => row(words, { placeholder: W.label_code, autocapitalize: "characters", "aria-label": step.text }),
    };
    asks.meter = asks.number;
    // whom the asker named is identified twice by taking and by giving: no number is typed here
    if (!done && job.load && job.load.patient && (job.load.nodes || []).includes(step.code)) asks[step.kind] = () => h("p.hint", { "data-by-scan": step.code }, icon("scan"), ` ${W.load_by_scan}`);
    const why = `why-${step.code}`;
    return h("li", { class: done ? (ok ? "is-done" : "is-bad") : null, "data-step": step.code, "data-kind": step.kind },
      h("details", { open: isOpen, id: `step-${step.code}` }, h("summary", {}, h("span.mark", {}, done ? icon(ok ? "check" : "alert-triangle") : String(at)), h("span.step-text", {}, step.text, step.critical ? h("em", {}, ` ${W.critical}`) : null, step.certificate ? h("small", {}, icon("shield-check"), say(W.only_with, { name: step.certificate })) : null, done ? h("small", {}, ok ? W.done : W.bad, step.done ? shown(step) : "") : null)),
        h("div.body", {}, (asks[step.kind] || (() => row(words, { "aria-label": step.text })))(),
          step.kind === "photo" ? null : h(`details#cannot-${step.code}.cannot`, {}, h("summary", {}, W.cannot), h("label.label", { for: why }, W.why_not), h("input", { id: why, type: "text", maxlength: "300" }), button(W.keep_not_done, "", () => (value(why) ? keep(null, value(why)) : fail(W.needs_words)), { "data-cannot": step.code })))));
  };

  // A name and a drawn signature: the drawing goes as a photo of the step, the name as its value.
  const signing = (job, code, { act, fail, value }) => {
    const canvas = h("canvas.pad", { width: "700", height: "320", "aria-label": W.sign_here, role: "img" }), pad = YingxuScan.pad(canvas), id = `sign-${code || "asker"}`;
    const keep = async () => {
      if (!value(id)) { fail(W.needs_name); return; }
      if (!pad.isEmpty()) { const made = await pad.keep(); if (!(await act("photo", { label: "signature", photos: [made.photo], name: value(id) }, [made.blob], W.kept))) return; }
      if (code) await act("step", { step: code, value: value(id) });
    };
    return h("div.stack", {}, ...field(W.sign_name, h("input", { id, type: "text", maxlength: "60", autocomplete: "off" })), h("p.label", {}, W.sign_here), canvas, h("div.row", {}, button(W.sign_clear, "refresh", () => pad.clear()), button(W.sign_keep, "edit", keep, { "data-sign": code || "asker" })));
  };

  const ending = (job, { act, fail, value }) => {
    if (!may(job, "finish")) return null;
    const lacks = missing(job, { cause: "-", minutes: 0 }, { before: W.photo_before, after: W.photo_after });
    const minutes = () => (/^\d{1,4}$/.test(value("minutes")) ? Number(value("minutes")) : null);
    const done = () => {
      const still = missing(job, { cause: value("cause"), minutes: minutes() }, { before: W.photo_before, after: W.photo_after, cause: W.cause, minutes: W.minutes });
      if (still.length) { YingxuScan.bad(); fail(`${W.missing} ${still.map((one) => one.text).join("、")}`); return; }
      if (value("minutes") && minutes() === null) { fail(W.needs_number); return; }
      act("finish", { result: value("result"), cause: value("cause"), minutes: minutes() });
    };
    const nSigned = job.photos.filter((one) => one === "signature").length;
    return [
      h("section.card.stack", { "aria-labelledby": "finish-title" }, h("h2#finish-title", {}, W.finish),
        lacks.length ? h("div.missing", {}, h("p", {}, icon("clipboard-list"), W.missing), h("ul", {}, lacks.map((one) => h("li", {}, one.text)))) : null,
        ...field(W.result, h("textarea#result", { rows: "2", maxlength: "1000" })),
        ...field(`${W.cause}${job.evidence.cause ? " *" : ""}`, select("cause", job.causes, true)),
        ...field(`${W.minutes}${job.evidence.minutes ? " *" : ""}`, h("input#minutes", { type: "text", inputmode: "numeric", maxlength: "4" })),
        h("details#sign", {}, h("summary", {}, icon("edit"), `${W.signature}${nSigned ? ` · ${W.done}` : ""}`), signing(job, "", { act, fail, value })),
        button(W.acts.finish, "circle-check", done, { big: true, main: !lacks.length, "data-act": "finish" })),
      fold("pause", W.acts.pause, "player-pause",
        ...field(W.why, select("pause-reason", job.pause_reasons)), ...field(W.told, h("input#told", { type: "text", maxlength: "300" })), ...field(W.pause_minutes, h("input#pause-minutes", { type: "text", inputmode: "numeric", maxlength: "5" })),
        button(W.acts.pause, "player-pause", () => (/^\d{1,5}$/.test(value("pause-minutes")) && Number(value("pause-minutes")) ? act("pause", { reason_code: value("pause-reason"), told: value("told"), minutes: Number(value("pause-minutes")) }) : fail(W.needs_number)), { "data-act": "pause" })),
    ];
  };

  const more = (job, { act, mates, value, fail }) => {
    const reasons = job.return_reasons[job.state] || [];
    if (!may(job, "help") && !reasons.length) return null;
    const mate = mates.find((one) => one.id === job.offered);
    return fold("more", W.more, "users",
      may(job, "help") ? [...field(W.help_note, h("input#help-note", { type: "text", maxlength: "300" })), button(W.acts.help, "hand-stop", () => act("help", { note: value("help-note") }), { "data-act": "help" })] : null,
      may(job, "hand-over") && mates.length ? [mate ? h("p.job-pause", {}, icon("switch-horizontal"), say(W.offered, { name: mate.name })) : null, ...field(W.to_whom, select("hand-to", mates.map((one) => [one.id, one.here ? one.name : `${one.name} (${W.not_here})`]))), ...field(W.note, h("input#hand-note", { type: "text", maxlength: "300" })), button(W.acts["hand-over"], "switch-horizontal", () => act("hand-over", { to: value("hand-to"), note: value("hand-note") }), { "data-act": "hand-over" })] : null,
      reasons.length ? [...field(W.why, select("return-reason", reasons)), ...field(W.note, h("input#return-note", { type: "text", maxlength: "300" })), button(W.acts.return, "arrow-back-up", () => (value("return-reason") ? act("return", { reason_code: value("return-reason"), note: value("return-note") }) : fail(W.needs_choice)), { "data-act": "return" })] : null);
  };

  window.YingxuCard = { card };
})();
