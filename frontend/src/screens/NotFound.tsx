import { Link } from "wouter";
import { useT } from "../i18n";
import { Mark } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";
import { Bar } from "./Bar";

/** The square, laid flat: there is nothing here to measure. */
export function NotFound() {
  const t = useT();
  useTitle(t.notFound.title);
  return (
    <main className="main">
      <Bar title="" />
      <Nothing title={t.notFound.title} body={t.notFound.body} />
    </main>
  );
}

export function Nothing({ title, body }: { title: string; body: string }) {
  const t = useT();
  return (
    <div className="waiting-page nothing">
      <div>
        <div className="mb-4 inline-block rotate-90 text-ink-3">
          <Mark size={44} />
        </div>
        <h1 className="text-lg font-semibold text-ink">{title}</h1>
        {body && <p className="mt-1">{body}</p>}
        <Link href="/" className="btn mt-5">
          {t.notFound.home}
        </Link>
      </div>
    </div>
  );
}
