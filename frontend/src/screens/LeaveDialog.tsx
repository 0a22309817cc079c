import { useT } from "../i18n";
import { leaving, openOutside, trustedHosts } from "../prose/links";
import { copyText } from "../ui/copy";
import { Dialog } from "../ui/Dialog";

/** A link in an answer may be anyone's: who clicks it learns the host first. */
export default function LeaveDialog({ url }: { url: URL }) {
  const t = useT();
  const close = (): void => leaving.set(null);
  return (
    <Dialog title={t.prose.linkTitle} onClose={close}>
      <p>{t.prose.linkBody}</p>
      <p className="leave-host">{url.host}</p>
      <p className="font-mono text-xs break-all">{url.href}</p>
      <label className="mt-4 flex items-baseline gap-2 text-ink-2">
        <input
          type="checkbox"
          className="translate-y-0.5"
          onChange={(event) => {
            if (event.target.checked) trustedHosts.add(url.host);
            else trustedHosts.delete(url.host);
          }}
        />
        {t.prose.linkTrust}
      </label>
      <div className="buttons">
        {/* biome-ignore lint/a11y/noAutofocus: focus begins on the choice that changes nothing */}
        <button type="button" className="btn" autoFocus onClick={close}>
          {t.prose.linkCancel}
        </button>
        <button type="button" className="btn" onClick={() => void copyText(url.href)}>
          {t.prose.linkCopy}
        </button>
        <button
          type="button"
          className="btn btn-primary"
          onClick={() => {
            openOutside(url);
            close();
          }}
        >
          {t.prose.linkOpen}
        </button>
      </div>
    </Dialog>
  );
}
