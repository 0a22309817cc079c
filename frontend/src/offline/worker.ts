/**
 * The service worker: files with hashed names are fetched once, and without a network there is still a page to write on.
 * No answer of the API and no page of a person is ever kept.
 *
 * A new build is a new script with a new list, and waits until no tab of the old build is left: those still need their
 * own files. Nobody waits for it: pages come from the network, and name their files themselves.
 */
export {};

/** TypeScript's types of a worker and of a page exclude each other; this is what is used of the worker's. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Lasting {
  request: Request;
  preloadResponse: Promise<Response | undefined>;
  respondWith(response: Promise<Response>): void;
}
interface Scope {
  /** Put before this script by the server (app/built.py). */
  kept: { version: string; files: string[] };
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void> };
}
const scope = self as unknown as Scope;

const SHELL = "/offline";
const PREFIX = "shiyong-";
const CACHE = `${PREFIX}${scope.kept.version}`;
const HASHED = "/static/assets/";
/** What Django answers with the page's shell (app/urls.py). */
const PAGE = /^\/(?!api\/|admin\/|_allauth\/|i18n\/|static\/|ws\/|healthz|readyz)[^.]*$/;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...scope.kept.files]);
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await scope.registration.navigationPreload?.enable();
  await scope.clients.claim();
}

async function page(event: Asked): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const shell = await caches.match(SHELL);
    if (!shell) throw error;
    return shell;
  }
}

async function file(request: Request): Promise<Response> {
  const known = await caches.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

addEventListener("install", (event) => (event as Lasting).waitUntil(install()));
addEventListener("activate", (event) => (event as Lasting).waitUntil(activate()));
addEventListener("fetch", (raw) => {
  const event = raw as Asked;
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && PAGE.test(pathname)) event.respondWith(page(event));
  else if (pathname.startsWith(HASHED)) event.respondWith(file(event.request));
});
