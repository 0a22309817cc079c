import { useEffect } from "react";
import { useT } from "../i18n";

export function useTitle(title: string): void {
  const { brand } = useT();
  useEffect(() => {
    document.title = title ? `${title} · ${brand}` : brand;
  }, [title, brand]);
}
