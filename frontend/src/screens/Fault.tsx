import { Component, type ReactNode } from "react";
import { texts } from "../i18n";

/** The last net: whatever breaks, the person learns that nothing is lost and how to go on. */
export class Fault extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    const t = texts();
    return (
      <main className="waiting-page">
        <div>
          <h1 className="text-lg font-semibold">{t.fault.title}</h1>
          <p className="mt-1">{t.fault.body}</p>
          <button type="button" className="btn mt-5" onClick={() => location.reload()}>
            {t.fault.reload}
          </button>
        </div>
      </main>
    );
  }
}
