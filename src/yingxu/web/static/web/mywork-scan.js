// Eyes and ears of the phone: reading codes by camera, photos made small with their digest and time, a pad for signing, sounds.
"use strict";
(() => {
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (bytes) => (globalThis.crypto && crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", bytes)) : YingxuQueue.sha256(bytes));

  // sounds
  let loud = null;
  const beep = (notes) => {
    if (YingxuScan.silent) return;
    try {
      loud = loud || new AudioContext();
      if (loud.state === "suspended") loud.resume();
      let at = loud.currentTime + 0.01;
      for (const [hertz, seconds] of notes) {
        const tone = loud.createOscillator(), level = loud.createGain();
        tone.frequency.value = hertz; tone.type = hertz < 300 ? "square" : "sine";
        level.gain.setValueAtTime(0.25, at); level.gain.exponentialRampToValueAtTime(0.001, at + seconds);
        tone.connect(level).connect(loud.destination); tone.start(at); tone.stop(at + seconds);
        at += seconds * 0.8;
      }
    } catch { /* a phone without sound */ }
  };
  const good = () => { beep([[880, 0.12], [1320, 0.2]]); if (navigator.vibrate) navigator.vibrate(60); };
  const bad = () => { beep([[180, 0.25], [140, 0.4]]); if (navigator.vibrate) navigator.vibrate([120, 80, 120]); };

  // photos
  const EDGE = 1600;
  const small = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale)); canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", 0.82));
  };
  const kept = async (blob, taken) => {
    const sha256 = await digest(new Uint8Array(await blob.arrayBuffer()));
    return { photo: { sha256, n_bytes: blob.size, taken_at: taken }, blob: { sha256, blob } };
  };
  // A photo from the camera was taken now; one from the album when its file says.
  const photo = async (file) => kept(await small(file), Math.min(Date.now(), file.lastModified || Date.now()));

  // a voice note, at most a minute: {stop(), done}; done gives what is kept, or nothing when nothing was said
  const canRecord = () => Boolean(self.isSecureContext && self.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  const record = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }), recorder = new MediaRecorder(stream), parts = [];
    const done = new Promise((end) => {
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", async () => {
        stream.getTracks().forEach((track) => track.stop());
        const blob = new Blob(parts, { type: recorder.mimeType });
        end(blob.size ? await kept(blob, Date.now()) : null);
      });
    });
    recorder.start();
    const timer = setTimeout(() => { if (recorder.state !== "inactive") recorder.stop(); }, 60000);
    return { done, stop: () => { clearTimeout(timer); if (recorder.state !== "inactive") recorder.stop(); return done; } };
  };

  // codes: what a label carries is an address that ends with its token, or the token or the place's code itself
  const tokenOf = (text) => { const found = /\/q\/([^/?#]+)/.exec(text); return (found ? found[1] : text).trim(); };
  const canScan = () => "BarcodeDetector" in window && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  // Shows the camera in the box until a code is read or stop() is called. Fails with NotAllowedError and the like.
  const scan = async (box, found) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    const video = document.createElement("video");
    video.muted = true; video.playsInline = true; video.srcObject = stream; video.setAttribute("aria-label", box.dataset.hint || "");
    box.replaceChildren(video);
    await video.play();
    const reader = new BarcodeDetector({ formats: ["qr_code"] });
    let on = true;
    const stop = () => { on = false; stream.getTracks().forEach((track) => track.stop()); box.replaceChildren(); };
    const look = async () => {
      if (!on) return;
      try { const [code] = await reader.detect(video); if (code && on) { stop(); found(tokenOf(code.rawValue)); return; } } catch { /* the picture is not there yet */ }
      setTimeout(look, 150);
    };
    setTimeout(look, 50); // whoever asked holds stop before the first code is read
    return stop;
  };
  const markOf = async (code) => (await digest(new TextEncoder().encode(code))).slice(0, 16);
  // true, false, or null when this phone cannot tell
  const fits = async (job, code) => (job.marks.length ? job.marks.includes(await markOf(code)) : null);

  // signing with a finger
  const pad = (canvas) => {
    const draw = canvas.getContext("2d");
    let last = null, n = 0;
    const clear = () => { draw.fillStyle = "#fff"; draw.fillRect(0, 0, canvas.width, canvas.height); draw.strokeStyle = "#111"; draw.lineWidth = 4; draw.lineCap = draw.lineJoin = "round"; n = 0; };
    const at = (event) => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height]; };
    canvas.addEventListener("pointerdown", (event) => { event.preventDefault(); canvas.setPointerCapture(event.pointerId); last = at(event); });
    canvas.addEventListener("pointermove", (event) => { if (!last) return; const now = at(event); draw.beginPath(); draw.moveTo(...last); draw.lineTo(...now); draw.stroke(); last = now; n += 1; });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { last = null; });
    clear();
    return { clear, isEmpty: () => n < 3, keep: () => new Promise((done) => canvas.toBlob(done, "image/png")).then((blob) => kept(blob, Date.now())) };
  };

  window.YingxuScan = { silent: false, good, bad, photo, canScan, scan, fits, markOf, tokenOf, pad, canRecord, record };
})();
