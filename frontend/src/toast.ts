/** One small message at a time, with at most one thing to do about it. ui/Toast.tsx draws it. */
import { createCell } from "./cell";

export interface Toast {
  text: string;
  action: string;
  onAction: () => void;
  /** It went by itself, or another took its place: the chance is gone. */
  onGone?: () => void;
}

export const toast = createCell<Toast | null>(null);

export function showToast(next: Toast): void {
  toast.get()?.onGone?.();
  toast.set(next);
}
