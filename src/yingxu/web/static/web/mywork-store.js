// Where the phone keeps things: acts that wait (in order), photos by their digest, and what it carries. IndexedDB.
"use strict";
(() => {
  const NAME = "yingxu-phone";
  let opened = null;
  const open = () => opened || (opened = new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      base.createObjectStore("acts", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
      base.createObjectStore("photos");
      base.createObjectStore("kept");
    };
    asked.onsuccess = () => { asked.result.onversionchange = () => { asked.result.close(); opened = null; }; done(asked.result); };
    asked.onerror = () => { opened = null; fail(asked.error); };
  }));
  const wait = (asked) => new Promise((done, fail) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => fail(asked.error); });
  // All of it or nothing, and on the disk when it resolves.
  const write = async (names, work) => {
    const base = await open();
    const whole = base.transaction(names, "readwrite", { durability: "strict" });
    const ended = new Promise((done, fail) => { whole.oncomplete = done; whole.onerror = whole.onabort = () => fail(whole.error || new DOMException("aborted", "AbortError")); });
    let value;
    try { value = await work(...names.map((name) => whole.objectStore(name))); } catch (error) { try { whole.abort(); } catch { /* ended already */ } ended.catch(() => {}); throw whole.error || error; }
    await ended;
    return value;
  };
  const read = async (name, work) => wait(work((await open()).transaction(name).objectStore(name)));

  window.YingxuStore = {
    append: (row, blobs) => write(["acts", "photos"], async (acts, photos) => {
      for (const { sha256, blob } of blobs) photos.put(blob, sha256);
      await wait(acts.add(row));
    }),
    all: () => read("acts", (acts) => acts.getAll()),
    patch: (id, changes) => write(["acts"], async (acts) => {
      const row = await wait(acts.index("id").get(id));
      if (row) await wait(acts.put({ ...row, ...changes }));
    }),
    // a photo goes with the last act that names it
    remove: (id, shas) => write(["acts", "photos"], async (acts, photos) => {
      const rows = await wait(acts.getAll());
      const gone = rows.find((row) => row.id === id);
      if (gone) await wait(acts.delete(gone.seq));
      const named = new Set(rows.filter((row) => row.id !== id).flatMap((row) => (row.said.photos || []).map((photo) => photo.sha256)));
      for (const sha of shas) if (!named.has(sha)) photos.delete(sha);
    }),
    blob: (sha) => read("photos", (photos) => photos.get(sha)),
    get: (key) => read("kept", (kept) => kept.get(key)),
    set: (key, value) => write(["kept"], async (kept) => { await wait(value === undefined ? kept.delete(key) : kept.put(value, key)); }),
  };
})();
