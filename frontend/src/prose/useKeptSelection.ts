import { type RefObject, useEffect } from "react";

interface Selected {
  anchor: Node;
  anchorOffset: number;
  focus: Node;
  focusOffset: number;
}

function selectedIn(box: HTMLElement): Selected | null {
  const {
    anchorNode: anchor,
    anchorOffset,
    focusNode: focus,
    focusOffset,
    isCollapsed,
  } = document.getSelection() ?? {};
  if (isCollapsed || !anchor || !focus || !(box.contains(anchor) || box.contains(focus))) return null;
  return { anchor, anchorOffset: anchorOffset ?? 0, focus, focusOffset: focusOffset ?? 0 };
}

const isThere = (node: Node, offset: number): boolean =>
  node.isConnected && offset <= (node.nodeValue ?? node.childNodes).length;

/**
 * What is selected in a text stays so while more is written: every new word replaces the text of its node, and with that
 * a browser lets go of what was selected there.
 */
export function useKeptSelection(prose: RefObject<HTMLElement | null>, grows: boolean): void {
  useEffect(() => {
    const box = prose.current;
    if (!grows || !box) return;
    let kept = selectedIn(box);
    const look = (): void => {
      kept = selectedIn(box);
    };
    const restore = (): void => {
      if (!kept) return;
      const { anchor, anchorOffset, focus, focusOffset } = kept;
      if (isThere(anchor, anchorOffset) && isThere(focus, focusOffset))
        document.getSelection()?.setBaseAndExtent(anchor, anchorOffset, focus, focusOffset);
    };
    // Its callback comes before the event of what the change did to the selection.
    const observer = new MutationObserver(restore);
    observer.observe(box, { characterData: true, childList: true, subtree: true });
    document.addEventListener("selectionchange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("selectionchange", look);
    };
  }, [prose, grows]);
}
