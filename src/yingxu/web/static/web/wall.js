// The wall turns its pages: as many lines as fit, ten seconds each; anew from the server every five minutes.
"use strict";
(() => {
  const list = document.querySelector("[data-turn]"), misses = document.querySelector("[data-turn-one]");
  const rows = list ? [...list.children] : [], one = misses ? [...misses.children] : [];
  let page = 0;
  const show = () => {
    const size = Math.max(1, window.innerWidth > window.innerHeight ? 6 : 5);
    const pages = Math.max(1, Math.ceil(rows.length / size));
    rows.forEach((row, place) => { row.hidden = Math.floor(place / size) !== page % pages; });
    one.forEach((row, place) => { row.hidden = place !== page % one.length; });
    page += 1;
  };
  show();
  window.setInterval(show, 10000);
  window.setInterval(() => window.location.reload(), 300000);
})();
