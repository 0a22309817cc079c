import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { layRegions } from "../announce";

/** The browser's own modal: it traps focus, makes the page behind it inert and gives focus back. */
export function Dialog({
  title,
  className = "dialog",
  hideTitle = false,
  onClose,
  children,
}: {
  title: string;
  className?: string;
  hideTitle?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // A layout effect: it is closed while it still stands in the page, or the browser would give no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    layRegions();
    return () => {
      dialog.close();
      layRegions();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={className}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget && outside(event)) onClose();
      }}
    >
      <h2 id={titleId} className={hideTitle ? "visually-hidden" : undefined}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

function outside({ clientX, clientY, currentTarget }: React.PointerEvent<HTMLElement>): boolean {
  const box = currentTarget.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

export function ConfirmDialog({
  title,
  body,
  confirm,
  cancel,
  onConfirm,
  onClose,
}: {
  title: string;
  body: string;
  confirm: string;
  cancel: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{body}</p>
      <div className="buttons">
        {/* biome-ignore lint/a11y/noAutofocus: in a dialog about a loss, focus begins on the harmless choice */}
        <button type="button" className="btn" autoFocus onClick={onClose}>
          {cancel}
        </button>
        <button type="button" className="btn btn-danger" onClick={onConfirm}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}
