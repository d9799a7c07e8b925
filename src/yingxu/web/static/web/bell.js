/* The bell of pages without htmx: asks for the number now and then, while somebody looks. */
(function () {
  "use strict";
  var slot = document.querySelector("[data-bell]");
  if (!slot) return;
  function ask() {
    if (document.hidden) return;
    fetch(slot.dataset.bell, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) { if (html !== null) slot.innerHTML = html; })
      .catch(function () { /* no signal: the number stays as it was */ });
  }
  ask();
  setInterval(ask, 30000);
  document.addEventListener("visibilitychange", ask);
})();
