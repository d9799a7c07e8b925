// Copying the link with one press; without this the field can be marked and copied by hand.
(() => {
  const field = document.getElementById("link"), button = document.getElementById("copy"), said = document.getElementById("copy-said");
  if (!field || !button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    said.textContent = field.dataset.copied;
  });
})();
