// Photos made small before they go: at most 1600 px, drawn afresh, so that nothing the camera wrote goes along.
"use strict";
window.YingxuPhotos = (() => {
  const LONGEST = 1600;
  // what this browser cannot read goes as it is: the server says in words what is wrong with it
  const small = (file) => new Promise((done) => {
    const address = URL.createObjectURL(file), image = new Image();
    const end = (blob) => { URL.revokeObjectURL(address); done(blob || file); };
    image.onerror = () => end(null);
    image.onload = () => {
      const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight)), canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale); canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(end, "image/jpeg", 0.8);
    };
    image.src = address;
  });
  // draws the photos into a box that is hidden while there are none; with `off`, each can be taken out again
  const preview = (box, photos, off) => {
    while (box.firstChild) box.removeChild(box.firstChild);
    photos.forEach((blob, n) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(blob); image.alt = "";
      if (!off) { box.appendChild(image); return; }
      const button = document.createElement("button");
      button.type = "button"; button.className = "photo-off"; button.setAttribute("aria-label", box.dataset.off);
      button.appendChild(image); button.appendChild(document.createTextNode("×"));
      button.addEventListener("click", () => off(n));
      box.appendChild(button);
    });
    box.hidden = photos.length === 0;
  };
  return { small, preview };
})();
