// What every screen of the app is drawn with: elements, icons, buttons, folds, times in words. Its words are the shell's.
"use strict";
(() => {
  const W = JSON.parse(document.getElementById("words").textContent), sprite = document.body.dataset.sprite;
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // h("p.hint#id", {attr}, ...children): null and false are left out
  const h = (what, attributes, ...children) => {
    const [, tag, id, classes] = /^(\w+)(?:#([\w-]+))?((?:\.[\w-]+)*)$/.exec(what);
    const made = document.createElement(tag);
    if (id) made.id = id;
    if (classes) made.className = classes.slice(1).split(".").join(" ");
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value); else if (name === "value") made.value = value; else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
    return made;
  };
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite}#${name}`); svg.append(use);
    return svg;
  };
  const button = (label, name, press, { main, big, ...more } = {}) => h(`button.button.wide${main ? ".primary" : ""}${big ? ".big" : ""}`, { type: "button", onclick: press, ...more }, name ? icon(name) : null, label);
  const clockTime = (ms) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(ms);
  const span = (n, isLate) => (n < 120 ? say(isLate ? W.late : W.left, { n }) : n < 2880 ? say(isLate ? W.late_h : W.left_h, { n: Math.round(n / 60) }) : say(isLate ? W.late_d : W.left_d, { n: Math.round(n / 1440) }));
  const countdown = (due, now) => {
    const n = Math.round((due - now) / 60000), isLate = due < now;
    return h(`span.clock${isLate ? ".is-late" : n <= 10 ? ".is-soon" : ".is-ok"}`, { title: new Date(due).toLocaleString() }, span(Math.abs(n), isLate));
  };
  // What stands open or half typed stays so when the card is drawn again.
  const fold = (id, title, name, ...body) => h(`details#${id}.card`, {}, h("summary", {}, icon(name), title, icon("chevron-down")), h("div.stack", {}, ...body));
  const field = (label, input, hint) => [h("label.label", { for: input.id }, label), input, hint ? h("p.hint", {}, hint) : null];
  const select = (id, pairs, none) => h(`select#${id}`, {}, none ? h("option", { value: "" }, "—") : null, pairs.map(([code, name]) => h("option", { value: code }, name)));
  const taking = (label, more) => h("label.button.wide.pick", {}, icon("camera"), label, h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, ...more }));

  window.YingxuDraw = { W, h, icon, button, say, clockTime, countdown, fold, field, select, taking };
})();
