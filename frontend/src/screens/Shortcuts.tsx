import { useCell } from "../cell";
import { type Messages, useT } from "../i18n";
import { onMac } from "../keys";
import { shortcutsOpen } from "../overlays";
import { enterSends } from "../prefs";
import { Dialog } from "../ui/Dialog";
import { IconButton } from "../ui/IconButton";

type Name = keyof Messages["shortcuts"]["names"];
type Entry = readonly [Name, ...string[]];

/** What Enter does is the person's choice; with Ctrl or Cmd it always sends, with Shift it never does. */
const listed = (sends: boolean): readonly Entry[] => [
  ["search", "Mod K"],
  ["new", "Mod Shift O"],
  ["sidebar", "Mod Shift S"],
  ["composer", "/", "Shift Esc"],
  sends ? ["send", "Enter", "Mod Enter"] : ["send", "Mod Enter"],
  sends ? ["break", "Shift Enter"] : ["break", "Enter", "Shift Enter"],
  ["stop", "Esc"],
  ["editLast", "↑"],
  ["turns", "Alt ↑", "Alt ↓"],
  ["end", "End", "Mod ↓"],
  ["copyAnswer", "Mod Shift C"],
  ["copyCode", "Mod Shift ;"],
  ["rename", "F2"],
  ["remove", "Del"],
  ["rowMenu", "Shift F10"],
  ["toast", "F8"],
  ["temporary", "Mod Shift '"],
  ["settings", "Mod ,"],
  ["help", "?", "Mod /"],
];

export default function Shortcuts() {
  const t = useT();
  const mod = onMac() ? "⌘" : "Ctrl";
  const close = (): void => shortcutsOpen.set(false);
  return (
    <Dialog title={t.shortcuts.title} className="dialog is-page" onClose={close}>
      <div className="absolute top-4 right-4">
        <IconButton name="close" label={t.settings.close} onClick={close} />
      </div>
      <dl className="shortcuts">
        {listed(useCell(enterSends)).map(([name, ...ways]) => (
          <div key={name}>
            <dt>{t.shortcuts.names[name]}</dt>
            <dd>
              {ways.map((keys) => (
                <span key={keys}>
                  {keys.split(" ").map((key) => (
                    <kbd key={key}>{key === "Mod" ? mod : key}</kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
