import { useCell } from "../cell";
import { useT } from "../i18n";
import { session } from "../live";
import { settingsOpen, shortcutsOpen } from "../overlays";
import { enterSends, LOOKS, look, setEnterSends, setLook, setTextSize, TEXT_SIZES, textSize } from "../prefs";
import { Dialog } from "../ui/Dialog";
import { IconButton } from "../ui/IconButton";
import { Segments } from "../ui/Segments";
import { Instructions } from "./Instructions";
import { LanguageSwitch } from "./LanguageSwitch";
import { SignOutButton } from "./SignOut";

export default function SettingsDialog() {
  const t = useT();
  const onClose = (): void => settingsOpen.set(false);
  const now = useCell(session);
  const sends = useCell(enterSends);
  return (
    <Dialog title={t.settings.title} className="dialog settings is-page" onClose={onClose}>
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
        {now.type === "in" && <Instructions user={now.user} />}
        <div className="setting setting-keys">
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
