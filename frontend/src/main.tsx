import "./style/index.css";
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { layRegions } from "./announce";
import { readMe, setCsrf, whenSignedOut } from "./api/client";
import { keepCampaign } from "./campaign";
import { whenLeaving } from "./leaving";
import { begin, drafts, expire, forget, session, socket } from "./live";
import { lastUser } from "./offline/last_user";
import { keepShell } from "./offline/register";
import { readPrefs } from "./prefs";
import { preloadProse } from "./prose/LazyProse";
import { reporter } from "./report";
import { App } from "./screens/App";
import { Fault } from "./screens/Fault";
import { fetchThread } from "./screens/LateThread";
import { placeOf } from "./screens/place";
import { keepFirstWords, painted, readBoot } from "./shell";
import { hearTabs, tellTabs } from "./tabs";
import { leaveAgain } from "./temporary";
import { followKeyboard } from "./viewport";

async function main(): Promise<void> {
  const me = readBoot() ?? (await readMe().catch(() => ({ csrf: "", user: lastUser() })));
  setCsrf(me.csrf);
  readPrefs(me.user?.locale || undefined);
  layRegions();
  followKeyboard();
  whenLeaving(drafts.write);
  whenLeaving(() => void reporter.flush());
  whenSignedOut(expire);

  keepCampaign(location.search);
  // Drafts and the outbox are read first: the first frame already shows what was there before a reload.
  const opensThread = placeOf(location.pathname).kind === "conversation";
  await Promise.all([begin(me.user), painted(), opensThread && fetchThread()]);
  const root = document.getElementById("root");
  if (!root) return;
  keepFirstWords();
  flushSync(() =>
    createRoot(root).render(
      <StrictMode>
        <Fault>
          <App />
        </Fault>
      </StrictMode>,
    ),
  );
  void fetchThread();
  preloadProse();
  keepShell();
  if (me.user) leaveAgain();

  for (const event of ["online", "focus"]) addEventListener(event, () => socket.nudge());
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && socket.nudge(),
  );
  addEventListener("pageshow", (event) => event.persisted && void wakeUp());
  session.subscribe(() => session.get().type === "in" && tellTabs("signed_in"));
  hearTabs((news) => {
    if (news === "signed_out") void forget();
    else if (session.get().type !== "in") void wakeUp();
  });
}

/** Back from the browser's page cache, or another tab signed in: who is this now? */
async function wakeUp(): Promise<void> {
  const me = await readMe().catch(() => null);
  if (!me) return;
  if (me.user) await begin(me.user);
  else if (session.get().type !== "out") await forget();
}

void main();
