import type { ButtonHTMLAttributes, Ref } from "react";
import { Icon, type IconName } from "./Icon";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  name: IconName;
  label: string;
  size?: number;
  ref?: Ref<HTMLButtonElement>;
  "data-arrow"?: string;
  "data-key"?: string;
};

export function IconButton({ name, label, size = 20, className = "", ...rest }: Props) {
  return (
    <button type="button" className={`icon-btn ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={name} size={size} />
    </button>
  );
}
