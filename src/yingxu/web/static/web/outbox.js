// What could not be sent yet lies in this device, one row under its own id, until the server has answered for it. IndexedDB.
"use strict";
window.YingxuOutbox = (() => {
  // name: the database; rows: its store; key: the field that a row lies under. A database of before keeps its rows.
  const named = (name, rows, key) => {
    const open = () => new Promise((done, fail) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(rows, { keyPath: key });
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    // resolves when it is on the disk; fails where a browser keeps nothing (private mode)
    const turn = (mode, act) => open().then((db) => new Promise((done, fail) => {
      const whole = db.transaction(rows, mode), asking = act(whole.objectStore(rows));
      whole.oncomplete = () => { db.close(); done(asking.result); };
      whole.onerror = () => { db.close(); fail(whole.error); };
    }));
    return {
      put: (row) => turn("readwrite", (store) => store.put(row)),
      drop: (id) => turn("readwrite", (store) => store.delete(id)),
      all: () => turn("readonly", (store) => store.getAll()),
      count: () => turn("readonly", (store) => store.count()),
    };
  };
  const newId = () => (self.crypto && crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);
  return { named, newId };
})();
