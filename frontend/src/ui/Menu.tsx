import { type ReactNode, type RefObject, useId, useRef } from "react";
import { Icon, type IconName } from "./Icon";
import { placeBeside } from "./placeBeside";

export interface MenuItem {
  label: string;
  hint?: string;
  icon?: IconName;
  danger?: boolean;
  /** Given for a choice among several: the item is a radio. */
  checked?: boolean;
  onSelect: () => void;
}

/** Opens in the top layer, so no scrolling ancestor cuts it; the browser closes it on Esc or a click elsewhere. */
export function Menu({
  label,
  className,
  items,
  anchor,
  children,
}: {
  label: string;
  className: string;
  items: readonly MenuItem[];
  /** Its button, for what one of the items opens beside it. */
  anchor?: RefObject<HTMLButtonElement | null>;
  children: ReactNode;
}) {
  const id = useId();
  const own = useRef<HTMLButtonElement>(null);
  const button = anchor ?? own;
  const menu = useRef<HTMLDivElement>(null);

  const place = (): void => {
    if (button.current && menu.current) placeBeside(menu.current, button.current);
  };
  const all = (): HTMLElement[] => [
    ...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? []),
  ];
  const move = (event: React.KeyboardEvent): void => {
    const buttons = all();
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = steps[event.key];
    if (event.key === "Tab") menu.current?.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length)?.focus();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        {children}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="popup"
        onToggle={(event) => {
          button.current?.setAttribute("aria-expanded", String(event.newState === "open"));
          if (event.newState !== "open") return;
          place();
          (all().find((it) => it.ariaChecked === "true") ?? all()[0])?.focus();
        }}
        onKeyDown={move}
      >
        {items.map((item) => (
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: `checked` and the radio role come together
          <button
            key={item.label}
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemradio"}
            aria-checked={item.checked}
            tabIndex={-1}
            className={item.danger ? "popup-item is-danger" : "popup-item"}
            onClick={() => {
              menu.current?.hidePopover();
              item.onSelect();
            }}
          >
            {item.icon && <Icon name={item.icon} size={18} />}
            <span className="flex-1">
              {item.label}
              {item.hint && <small>{item.hint}</small>}
            </span>
            {item.checked && <Icon name="check" size={18} />}
          </button>
        ))}
      </div>
    </>
  );
}
