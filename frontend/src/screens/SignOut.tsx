import { useState } from "react";
import { useLocation } from "wouter";
import { signOut } from "../api/auth";
import { readMe } from "../api/client";
import { useT } from "../i18n";
import { currentOutbox, forget, next } from "../live";
import { tellTabs } from "../tabs";
import { ConfirmDialog } from "../ui/Dialog";

export function SignOutButton() {
  const t = useT();
  const [, go] = useLocation();
  const [asks, setAsks] = useState(false);
  const leave = async (): Promise<void> => {
    await signOut();
    await forget();
    tellTabs("signed_out");
    await readMe().catch(() => undefined);
    go("/signin");
  };
  return (
    <>
      <button
        type="button"
        className="btn btn-small"
        onClick={() =>
          currentOutbox().size() + next.waiting.get().length > 0 ? setAsks(true) : void leave()
        }
      >
        {t.auth.signOut}
      </button>
      {asks && (
        <ConfirmDialog
          title={t.auth.unsentTitle}
          body={t.auth.unsentBody}
          confirm={t.auth.discard}
          cancel={t.auth.stay}
          onConfirm={() => void leave()}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}
