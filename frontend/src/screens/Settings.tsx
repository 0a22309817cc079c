import { useState } from "react";
import { saveLocale } from "../api/queries";
import { useCell } from "../cell";
import { type Locale, useLocale, useT } from "../i18n";
import { session } from "../live";
import {
  enterSends,
  LOOKS,
  look,
  setEnterSends,
  setLocale,
  setLook,
  setTextSize,
  TEXT_SIZES,
  textSize,
} from "../prefs";
import { Dialog } from "../ui/Dialog";
import { IconButton } from "../ui/IconButton";
import { Segments } from "../ui/Segments";
import { shortcutsOpen } from "./Shortcuts";
import { SignOutButton } from "./SignOut";

/** Each language is named in itself: who cannot read this page must still find the way out. */
const NAMES = [
  { value: "zh", label: "中文" },
  { value: "en", label: "English" },
] as const;

export function LanguageSwitch() {
  const t = useT();
  const now = useCell(session);
  const choose = (next: Locale): void => {
    setLocale(next);
    // The account follows; if it cannot be told, this browser still remembers.
    if (now.type === "in") saveLocale(next).catch(() => undefined);
  };
  return <Segments legend={t.settings.language} options={NAMES} value={useLocale()} onChange={choose} />;
}

export function Settings() {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        name="settings"
        label={t.settings.open}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      />
      {open && <SettingsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const now = useCell(session);
  const sends = useCell(enterSends);
  return (
    <Dialog title={t.settings.title} onClose={onClose}>
      <div className="absolute top-4 right-4">
        <IconButton name="close" label={t.settings.close} onClick={onClose} />
      </div>
      <div className="mt-4">
        <div className="setting">
          <span aria-hidden="true">{t.settings.language}</span>
          <LanguageSwitch />
        </div>
        <div className="setting">
          <span aria-hidden="true">{t.settings.look}</span>
          <Segments
            legend={t.settings.look}
            options={LOOKS.map((value) => ({ value, label: t.settings[value] }))}
            value={useCell(look)}
            onChange={setLook}
          />
        </div>
        <div className="setting">
          <span aria-hidden="true">{t.settings.textSize}</span>
          <Segments
            legend={t.settings.textSize}
            options={TEXT_SIZES.map((value) => ({ value, label: t.settings.sizes[value] }))}
            value={useCell(textSize)}
            onChange={setTextSize}
          />
        </div>
        <div className="setting">
          <span aria-hidden="true">{t.settings.enter}</span>
          <Segments
            legend={t.settings.enter}
            options={[
              { value: "send", label: t.settings.enterSends },
              { value: "break", label: t.settings.enterBreaks },
            ]}
            value={sends ? "send" : "break"}
            onChange={(value) => setEnterSends(value === "send")}
          />
        </div>
        <div className="setting">
          <span>{t.shortcuts.title}</span>
          <button
            type="button"
            className="btn btn-small"
            onClick={() => {
              onClose();
              shortcutsOpen.set(true);
            }}
          >
            {t.settings.show}
          </button>
        </div>
        {now.type !== "out" && (
          <div className="setting">
            <span className="min-w-0 truncate">{now.user.email}</span>
            <SignOutButton />
          </div>
        )}
      </div>
    </Dialog>
  );
}
