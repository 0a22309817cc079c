/** The chunk that draws formulas. It comes with the first one. */
import "katex/dist/katex.min.css";
import katex from "katex";

interface Tree {
  attributes?: Record<string, string>;
  children?: Tree[];
}
/** KaTeX's own tree, before it is markup: drawn through the DOM its styles pass the page's policy, as text they do not. */
interface Trees {
  __renderToDomTree(tex: string, options: katex.KatexOptions): Tree & { toNode(): Node };
}

/** MathML is for ears; its three `style` attributes would only be reported as breaking the policy. */
function bare(tree: Tree): void {
  if (tree.attributes) delete tree.attributes.style;
  tree.children?.forEach(bare);
}

/** Null for what KaTeX does not know, and for what would need trust (links, images, classes): the source is shown. */
export function draw(tex: string, display: boolean): Node | null {
  let refused = false;
  try {
    const tree = (katex as unknown as Trees).__renderToDomTree(tex, {
      displayMode: display,
      throwOnError: true,
      strict: "ignore",
      trust: () => {
        refused = true;
        return false;
      },
      maxSize: 20,
      maxExpand: 500,
      output: "htmlAndMathml",
    });
    bare(tree);
    return refused ? null : tree.toNode();
  } catch {
    return null;
  }
}
