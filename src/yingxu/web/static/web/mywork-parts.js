// What moves at a job: parts between the stores and the job, a load between two people. Works from what the phone carries.
"use strict";
(() => {
  const { W, h, icon, button, say, fold, field } = YingxuDraw, { may, milli, plain } = YingxuJob;
  const _SHOWN = 8;
  const looked = { job: "", words: "" }; // what was searched for stays while the card is drawn again

  // a quantity by thumb: minus, field, plus
  const stepper = (id, whole, start) => {
    const input = h("input.amount", { id, type: "text", inputmode: whole ? "numeric" : "decimal", maxlength: "10", "aria-label": W.part_n, value: start });
    const by = (d) => { const n = Math.max(whole ? 1000 : 100, (milli(input.value) || 0) + d); input.value = plain(n); };
    return h("span.stepper", {}, h("button.button", { type: "button", "aria-label": W.part_less, onclick: () => by(-1000) }, icon("minus")), input, h("button.button", { type: "button", "aria-label": W.part_more, onclick: () => by(1000) }, icon("plus")));
  };
  const small = (label, press, more) => h("button.button", { type: "button", onclick: press, ...more }, label);

  const parts = (job, { act, fail, shelves }) => {
    if (!may(job, "part-take")) return null;
    const amount = (id, row) => {
      const text = document.getElementById(id).value.trim().replace(",", "."), n = milli(text);
      if (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || !n || (row && row.whole && n % 1000)) { YingxuScan.bad(); fail(W.part_needs); return 0; }
      return n;
    };
    const of = (level) => shelves.find((row) => row.level === level);
    const told = (row) => ({ name: row.name, unit: row.unit });
    const take = (row, id, name) => {
      const n = amount(id, row);
      if (!n) return;
      const own = job.parts.find((one) => one.level === row.level), kept = own ? milli(own.kept) : 0;
      if (n > milli(row.free) + (name === "part-take" ? kept : 0)) { YingxuScan.bad(); fail(say(W.part_few, { name: row.name, n: row.free, unit: row.unit })); return; }
      act(name, { level: row.level, quantity: plain(n), ...told(row) }, [], W[name === "part-take" ? "part_taken" : "part_kept"]);
    };
    const back = (row, own, id) => {
      const n = amount(id, row);
      if (!n) return;
      if (n > milli(own.used)) { YingxuScan.bad(); fail(say(W.part_more_than, { n: own.used, name: row.name })); return; }
      act("part-back", { level: own.level, quantity: plain(n), ...told(row) }, [], W.part_given_back);
    };
    const has = job.parts.map((own) => {
      const row = of(own.level) || { level: own.level, name: W.part_unknown, unit: "", whole: false, free: "0", where: "" }, id = `u-${own.level}`;
      const used = milli(own.used) > 0, kept = milli(own.kept) > 0;
      if (!used && !kept) return null;
      return h("div.part-row", { "data-part": own.level }, h("p", {}, h("strong", {}, row.name), " ", used ? h("span", { "data-used": own.used }, `${W.part_used} ${own.used} ${row.unit}`) : null, kept ? h("span", { "data-kept": own.kept }, ` ${W.part_kept_for} ${own.kept} ${row.unit}`) : null),
        h("div.row.wraps", {}, stepper(id, row.whole, kept ? own.kept : "1"), kept ? small(W.acts["part-take"], () => take(row, id, "part-take"), { "data-act": "part-take" }) : null, used ? small(W.acts["part-back"], () => back(row, own, id), { "data-act": "part-back" }) : null, kept ? small(W.acts["part-release"], () => act("part-release", { level: own.level, ...told(row) }), { "data-act": "part-release" }) : null));
    }).filter(Boolean);
    const lacking = job.lacking.map((one) => h("p.job-pause", { "data-lacking": one.part }, icon("alert-triangle"), h("span", {}, `${W.part_waits} ${one.name} × ${one.quantity} ${one.unit}`), one.id ? small(W.acts["part-drop"], () => act("part-drop", { shortage: one.id, part: one.part }), { "data-act": "part-drop" }) : null));
    const lack = (row) => h(`details#lack-${row.level}.cannot`, {}, h("summary", {}, W.part_lacks),
      h("label.label", { for: `ln-${row.level}` }, W.part_n), stepper(`ln-${row.level}`, row.whole, "1"),
      ...field(W.part_hours, h("input", { id: `lh-${row.level}`, type: "text", inputmode: "numeric", maxlength: "4", value: "24" })),
      button(W.acts["part-lack"], "player-pause", () => {
        const n = amount(`ln-${row.level}`, row), hours = document.getElementById(`lh-${row.level}`).value.trim();
        if (!n) return;
        if (!/^\d{1,4}$/.test(hours) || Number(hours) < 1 || Number(hours) > 2160) { YingxuScan.bad(); fail(W.needs_number); return; }
        if (n <= milli(row.free)) { YingxuScan.bad(); fail(say(W.part_is_there, { name: row.name, n: row.free, unit: row.unit })); return; }
        act("part-lack", { part: row.part, store: row.store, level: row.level, quantity: plain(n), hours: Number(hours), ...told(row) }, [], W.part_asked);
      }, { "data-act": "part-lack" }));
    const offer = (row) => { const id = `t-${row.level}`, none = milli(row.free) <= 0; return h("div.part-row", { "data-shelf": row.level }, h("p", {}, h("strong", {}, row.name), h("span.hint", {}, ` ${row.spec ? `${row.spec} · ` : ""}${row.where} · `), h("span", { "data-free": row.free }, none ? W.part_none : say(W.part_free, { n: row.free, unit: row.unit }))),
      none ? null : h("div.row.wraps", {}, stepper(id, row.whole, "1"), small(W.acts["part-take"], () => take(row, id, "part-take"), { "data-act": "part-take", class: "button primary" }), small(W.acts["part-keep"], () => take(row, id, "part-keep"), { "data-act": "part-keep" })), lack(row)); };
    if (looked.job !== job.id) Object.assign(looked, { job: job.id, words: "" });
    const box = h("div", {});
    const fill = () => {
      const words = looked.words.toLowerCase().split(/\s+/).filter(Boolean);
      const found = shelves.filter((row) => (words.length ? words.every((word) => `${row.code} ${row.name} ${row.spec}`.toLowerCase().includes(word)) : row.items.includes(job.item)));
      box.replaceChildren(...(found.length ? found.slice(0, _SHOWN).map(offer) : [h("p.hint", {}, words.length ? W.part_not_found : W.part_none_usual)]));
    };
    fill();
    const search = h("input#part-q", { type: "search", maxlength: "60", placeholder: W.part_search, "aria-label": W.part_search, value: looked.words, oninput: (event) => { looked.words = event.target.value; fill(); } });
    return fold("parts", `${W.parts}${has.length ? ` · ${has.length}` : ""}`, "packages", has, lacking, search, box);
  };

  // a patient or a load: two identifiers when it is taken and the same two when it is given, or nothing moves
  const normal = (said) => said.normalize("NFKC").toLowerCase().split(/\s+/).join("");
  const load = (job, { act, fail, delays }) => {
    const one = job.load;
    if (!one) return null;
    const value = (id) => (document.getElementById(id) ? document.getElementById(id).value.trim() : ""), isFirst = one.stage === "waiting";
    const move = async () => {
      const first = value("load-first"), second = value("load-second"), temperature = value("load-c").replace(",", ".");
      if (!normal(first) || !normal(second)) { YingxuScan.bad(); fail(W.load_needs); return; }
      if (!isFirst && !value("load-who")) { YingxuScan.bad(); fail(W.load_needs_who); return; }
      if (one.read && !temperature) { YingxuScan.bad(); fail(W.load_needs_c); return; }
      if (temperature && !/^-?\d{1,2}(\.\d)?$/.test(temperature)) { YingxuScan.bad(); fail(W.needs_number); return; }
      const marks = await Promise.all([["first", first], ["second", second]].map(([name, said]) => YingxuScan.markOf(`${job.id}:${name}:${normal(said)}`)));
      if (marks.some((mark, at) => one.marks[at] && one.marks[at] !== mark)) { YingxuScan.bad(); fail(W.load_differs); return; }
      if (await act(isFirst ? "load-take" : "load-give", { first, second, counterpart: value("load-who"), code: value("load-code"), temperature, marks }, [], isFirst ? W.load_taken : W.load_given)) YingxuScan.good();
    };
    const text = (id, more) => h(`input#${id}`, { type: "text", maxlength: "64", autocomplete: "off", spellcheck: "false", "data-of": one.stage, ...more });
    const delay = delays.find(([code]) => code === one.delay);
    return h("section#load.card.stack", { "data-stage": one.stage, "aria-labelledby": "load-title" }, h("h2#load-title", {}, icon("route"), ` ${one.from || "—"} → ${one.to || "—"}`),
      one.how.length || one.isolated ? h("p", {}, one.isolated ? h("strong", {}, icon("biohazard"), ` ${W.load_isolated} `) : null, one.how.join(" · ")) : null,
      h("p.hint", {}, W.stages[one.stage]), delay ? [h("p.job-pause", {}, icon("hourglass"), delay[1]), h("p.hint", {}, W.load_stands)] : null,
      may(job, "load-take") && one.delay ? button(W.acts["load-go-on"], "player-play", () => act("load-go-on"), { "data-act": "load-go-on" }) : null,
      may(job, "load-take") && one.stage !== "given" ? [
        h("h3", {}, isFirst ? W.load_take_title : W.load_give_title),
        ...field(one.patient ? W.load_name : W.load_label, text("load-first")), ...field(one.patient ? W.load_band : W.load_pieces, text("load-second", { autocapitalize: "characters" })),
        ...field(isFirst ? W.load_from_whom : W.load_to_whom, text("load-who")), ...field(W.code, text("load-code", { autocapitalize: "characters" })),
        one.cold ? field(W.load_c, text("load-c", { inputmode: "decimal", maxlength: "6" })) : null,
        h("p.hint", {}, W.load_hint), button(isFirst ? W.acts["load-take"] : W.acts["load-give"], "scan", move, { main: true, big: true, "data-act": isFirst ? "load-take" : "load-give" }),
        one.delay ? null : h("details#stands.cannot", {}, h("summary", {}, W.acts["load-delay"]), delays.map(([code, name]) => button(name, "", () => act("load-delay", { reason_code: code }), { "data-delay": code }))),
      ] : null,
      one.patient && may(job, "load-take") ? h("a.button.wide", { href: one.page }, icon("eye"), W.load_page) : null);
  };

  // in which building somebody is: chosen from what the phone carries, or the code of any label there
  const zone = ({ now, zones, act, fail, isWaiting }) => {
    const choose = h("select#zone-of", { "aria-label": W.zone_choose }, h("option", { value: "" }, W.zone_choose), zones.map(([code, name]) => h("option", { value: code }, name)));
    const typed = h("input#zone-code", { type: "text", maxlength: "64", autocapitalize: "characters", autocomplete: "off", spellcheck: "false" });
    const go = () => {
      const code = YingxuScan.tokenOf(typed.value.trim()) || choose.value;
      if (!code) { YingxuScan.bad(); fail(W.zone_needs); return; }
      act("zone", { zone: code }, [], W.zone_kept);
    };
    return fold("zone", now ? say(W.zone_now, { zone: now }) : W.acts.zone, "map-pin", isWaiting ? h("p.hint", {}, h("span.waits", {}, W.not_sent)) : null, h("p.hint", {}, W.zone_none), choose, ...field(W.code, typed), button(W.zone_sign, "check", go, { "data-act": "zone" }));
  };

  window.YingxuParts = { parts, load, zone };
})();
