import { useT } from "../i18n";

/** The first two stops of the keys; each is seen only while it has the focus. */
export function SkipLinks({ inThread }: { inThread: boolean }) {
  const t = useT();
  return (
    <>
      <a className="btn skip" href="#composer">
        {t.nav.skipToInput}
      </a>
      {inThread && (
        <button type="button" className="btn skip" onClick={toLatestAnswer}>
          {t.nav.skipToAnswer}
        </button>
      )}
    </>
  );
}

function toLatestAnswer(): void {
  const heading = [...document.querySelectorAll<HTMLElement>(".answer h2")].at(-1);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}
