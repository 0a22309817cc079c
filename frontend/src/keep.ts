/** Words not yet sent, on disk: one IndexedDB per person, memory where there is none (private windows, tests). */
export interface Keep {
  all<T>(room: Room): Promise<T[]>;
  put<T extends { id: string }>(room: Room, value: T): Promise<void>;
  remove(room: Room, id: string): Promise<void>;
  /** What is there is read and changed at once: nobody else, in no other tab, comes between. */
  rewrite<T extends { id: string }>(room: Room, change: (all: T[]) => Change<T>): Promise<void>;
  erase(): Promise<void>;
}
interface Change<T> {
  put: readonly T[];
  remove: readonly string[];
}
export type Room = "drafts" | "outbox";
const ROOMS: readonly Room[] = ["drafts", "outbox"];

/** FNV-1a: the name of a database must not show the address it belongs to. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

export const keepName = (email: string | null): string => `shiyong-${email ? shortHash(email) : "guest"}`;

export function memoryKeep(): Keep {
  const rooms: Record<Room, Map<string, unknown>> = { drafts: new Map(), outbox: new Map() };
  return {
    all: async <T>(room: Room) => [...rooms[room].values()] as T[],
    put: async (room, value) => void rooms[room].set(value.id, value),
    remove: async (room, id) => void rooms[room].delete(id),
    rewrite: async <T extends { id: string }>(room: Room, change: (all: T[]) => Change<T>) => {
      const { put, remove } = change([...rooms[room].values()] as T[]);
      for (const id of remove) rooms[room].delete(id);
      for (const value of put) rooms[room].set(value.id, value);
    },
    erase: async () => ROOMS.forEach((room) => void rooms[room].clear()),
  };
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** A write is kept only when its transaction is complete; a successful request alone may still be rolled back. */
const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

/** Where it cannot go yet because something still holds it, it is empty, and goes later. */
const removed = (request: IDBOpenDBRequest): Promise<void> =>
  new Promise((resolve) => {
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

/** A blocked or broken database must not keep the page from appearing. */
const PATIENCE_MS = 1500;

export function openKeep(name: string): Promise<Keep> {
  if (typeof indexedDB === "undefined") return Promise.resolve(memoryKeep());
  const disk = openDatabase(name).catch(memoryKeep);
  const late = new Promise<Keep>((resolve) => setTimeout(() => resolve(behind(disk)), PATIENCE_MS));
  return Promise.race([disk, late]);
}

/** In front of a disk that is slow to open: what is written reaches it later, what it holds is not waited for. */
export const behind = (disk: Promise<Keep>): Keep => ({
  all: async () => [],
  put: async (room, value) => (await disk).put(room, value),
  remove: async (room, id) => (await disk).remove(room, id),
  rewrite: async (room, change) => (await disk).rewrite(room, change),
  erase: async () => void disk.then((it) => it.erase()),
});

async function openDatabase(name: string): Promise<Keep> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const room of ROOMS) request.result.createObjectStore(room, { keyPath: "id" });
  };
  const db = await settled(request);
  let gone = false;
  // The person signed out, here or in another tab: nobody is waited for, and nothing more is kept.
  db.onversionchange = () => {
    gone = true;
    db.close();
  };
  const write = async (room: Room, run: (store: IDBObjectStore) => void): Promise<void> => {
    if (gone) return;
    const transaction = db.transaction(room, "readwrite");
    run(transaction.objectStore(room));
    // Asked for by name: one that waits for its page to say no more is undone with a page that goes.
    transaction.commit();
    return committed(transaction);
  };
  return {
    all: async <T>(room: Room): Promise<T[]> =>
      gone ? [] : settled(db.transaction(room).objectStore(room).getAll() as IDBRequest<T[]>),
    put: (room, value) => write(room, (store) => void store.put(value)),
    remove: (room, id) => write(room, (store) => void store.delete(id)),
    rewrite: async <T extends { id: string }>(room: Room, change: (all: T[]) => Change<T>) => {
      if (gone) return;
      const transaction = db.transaction(room, "readwrite");
      const store = transaction.objectStore(room);
      const found = store.getAll() as IDBRequest<T[]>;
      found.onsuccess = () => {
        const { put, remove } = change(found.result);
        for (const id of remove) store.delete(id);
        for (const value of put) store.put(value);
        transaction.commit();
      };
      return committed(transaction);
    },
    erase: async () => {
      await Promise.all(ROOMS.map((room) => write(room, (store) => void store.clear())));
      await removed(indexedDB.deleteDatabase(name));
    },
  };
}
