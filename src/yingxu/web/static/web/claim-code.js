// The code of a letter or a sheet, made in the phone: twelve letters that nobody mistakes for one another, each as likely.
"use strict";
window.YingxuCode = (() => {
  const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  const fresh = () => {
    const found = [];
    while (found.length < 12) for (const byte of crypto.getRandomValues(new Uint8Array(24))) if (byte < 248 && found.length < 12) found.push(LETTERS[byte % 31]); // 248 = 8 × 31
    return found.join("");
  };
  const grouped = (code) => code.match(/.{1,4}/g).join("-");
  return { fresh, grouped };
})();
