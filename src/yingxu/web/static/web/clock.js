// Lets clocks tick. The server's words stand without it; the server's time is trusted, not the phone's.
"use strict";
(() => {
  const words = document.getElementById("clock-words");
  if (!words) return;
  const w = words.dataset;
  const ahead = Date.parse(document.documentElement.dataset.now) - Date.now();
  const SOON_S = 600;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const duration = (seconds) => {
    const minutes = Math.floor(Math.max(0, seconds) / 60);
    if (minutes < 1) return w.moment;
    if (minutes < 120 && minutes !== 60) return fill(minutes === 1 ? w.minute : w.minutes, { n: minutes });
    const hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours >= 48) { const n = Math.floor(hours / 24); return fill(n === 1 ? w.day : w.days, { n }); }
    if (rest) return fill(w.both, { h: hours, m: rest });
    return fill(hours === 1 ? w.hour : w.hours, { n: hours });
  };

  const tick = () => {
    const now = Date.now() + ahead;
    for (const clock of document.querySelectorAll("time[data-due]")) {
      const left = (Date.parse(clock.dateTime) - now) / 1000;
      const said = fill(left >= 0 ? w.left : w.late, { time: duration(Math.abs(left)) });
      if (clock.textContent !== said) clock.textContent = said;
      clock.classList.toggle("is-late", left < 0);
      clock.classList.toggle("is-soon", left >= 0 && left < SOON_S);
      clock.classList.toggle("is-ok", left >= SOON_S);
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
})();
