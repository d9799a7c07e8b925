// A chart as PNG: its own SVG is drawn on a canvas. Without this script the SVG and CSV links remain.
(() => {
  "use strict";
  const WIDTH = 1440;
  for (const link of document.querySelectorAll("a[data-png]")) link.hidden = false;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-png]");
    if (!link) return;
    event.preventDefault();
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = WIDTH;
      canvas.height = Math.round((WIDTH * picture.naturalHeight) / Math.max(1, picture.naturalWidth));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        const save = document.createElement("a");
        save.href = URL.createObjectURL(blob);
        save.download = link.dataset.png;
        save.click();
        setTimeout(() => URL.revokeObjectURL(save.href), 1000);
      }, "image/png");
    };
    picture.src = link.href;
  });
})();
