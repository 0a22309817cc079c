import { useEffect, useRef, useState } from "react";
import { useIsCodeFenceIncomplete } from "streamdown";
import { useCell } from "../../cell";
import { useT } from "../../i18n";
import { look } from "../../prefs";
import { IconButton } from "../../ui/IconButton";
import { useMedia } from "../../ui/useMedia";
import { CodeBlock } from "../code/CodeBlock";
import { drawDiagram } from "./draw";

const FLAT = /^\s*(?:graph|flowchart)\s+(?:LR|RL)\b/m;
const FLAT_LINES = 8;
const TALL_LINES = 5;
const TALL = /^\s*(?:(?:graph|flowchart)\s+(?:TD|TB|BT)\b|(?:state|sequence|class)Diagram)/m;

/** Known before it is drawn: many steps downwards get a taller slot, a few from left to right a flat one. */
function shapeOf(code: string): "tall" | "flat" | undefined {
  const lines = code.trim().split("\n").length;
  if (TALL.test(code)) return lines >= TALL_LINES ? "tall" : undefined;
  return FLAT.test(code) && lines <= FLAT_LINES ? "flat" : undefined;
}

type Drawing = { state: "waiting" | "failed" } | { state: "drawn"; url: string };

/** Drawn when its fence is closed and it comes into view, into a slot of fixed shape: nothing below it moves. */
export function Diagram({ code }: { code: string }) {
  const t = useT();
  const open = useIsCodeFenceIncomplete();
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const theme = `${useCell(look)} ${useMedia("(prefers-color-scheme: dark)")}`;
  const [drawing, setDrawing] = useState<Drawing>({ state: "waiting" });
  const [source, setSource] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    if (open || !seen) return;
    let url = "";
    let wanted = true;
    void drawDiagram(code).then((svg) => {
      if (!wanted) return;
      if (svg) url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      setDrawing(svg ? { state: "drawn", url } : { state: "failed" });
    });
    return () => {
      wanted = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [code, open, seen, theme]);

  const picture = drawing.state === "drawn" && !source;
  const slot = !open && drawing.state !== "failed" && !source;
  return (
    <div ref={box}>
      <CodeBlock
        language="mermaid"
        code={code}
        tools={
          drawing.state === "drawn" && (
            <IconButton
              name={source ? "image" : "code"}
              size={16}
              label={source ? t.prose.diagramPicture : t.prose.diagramSource}
              onClick={() => setSource((now) => !now)}
            />
          )
        }
        instead={
          slot && (
            <div className="diagram" data-source={code} data-shape={shapeOf(code)}>
              {picture && <img src={drawing.url} alt={t.prose.diagram} />}
            </div>
          )
        }
        note={drawing.state === "failed" ? t.prose.diagramFailed : undefined}
      />
    </div>
  );
}

function useSeen(box: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!box.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      { rootMargin: "200px" },
    );
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return seen;
}
