import { useEffect, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useCell } from "../cell";
import { errorSentence, useLocale, useT } from "../i18n";
import { session } from "../live";
import { Dialog } from "../ui/Dialog";
import { Mark } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";
import { DoorForm } from "./DoorForm";
import { LanguageSwitch } from "./LanguageSwitch";
import { nextPath } from "./place";

export function Door({ mode }: { mode: "signin" | "signup" }) {
  const t = useT();
  const search = useSearch();
  const [, go] = useLocation();
  const now = useCell(session);
  const next = nextPath(search);
  // Kept once shown: signing in leaves this page at once, and the words must not flicker on the way.
  const [kept] = useState(() => new URLSearchParams(search).has("kept"));
  useTitle(mode === "signin" ? t.auth.signIn : t.auth.signUp);
  useEffect(() => {
    if (now.type === "in") go(next, { replace: true });
  }, [now, next, go]);

  return (
    <div className="shell">
      <main className="main">
        <div className="corner">
          <LanguageSwitch />
        </div>
        <div className="door">
          <div className="door-card">
            <Link href="/" aria-label={t.brand}>
              <Mark size={36} />
            </Link>
            <h1>{mode === "signin" ? t.auth.signInTitle : t.auth.signUpTitle}</h1>
            {kept && <p className="lead">{t.auth.kept}</p>}
            <DoorForm mode={mode} />
            <p className="mt-5">
              <Link
                className="link-btn"
                href={`${mode === "signin" ? "/signup" : "/signin"}${search && `?${search}`}`}
              >
                {mode === "signin" ? t.auth.toSignUp : t.auth.toSignIn}
              </Link>
            </p>
          </div>
        </div>
      </main>
    </div>
  );
}

/** Over the page, so that everything typed and shown stays where it was. */
export function ExpiredDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const now = useCell(session);
  return (
    <Dialog title={t.auth.expiredTitle} onClose={onClose}>
      <p>{errorSentence({ code: "session_expired" }, useLocale())}</p>
      <DoorForm mode="signin" email={now.type === "out" ? "" : now.user.email} />
    </Dialog>
  );
}
