/** From hast's `code.language-math` to elements of our own, after sanitising: nothing in an answer can name them. */
interface Node {
  type: string;
  tagName?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

const isMath = ({ tagName, properties }: Node): boolean =>
  tagName === "code" &&
  Array.isArray(properties?.className) &&
  properties.className.includes("language-math");

function walk(node: Node): void {
  node.children?.forEach((child, at, children) => {
    const only = child.tagName === "pre" && child.children?.length === 1 ? child.children[0] : undefined;
    const math = only && isMath(only) ? only : isMath(child) ? child : null;
    if (!math) walk(child);
    else
      children[at] = {
        type: "element",
        tagName: math === only ? "formula-block" : "formula-inline",
        properties: {},
        children: math.children,
      };
  });
}

export const formulas = () => (tree: Node) => walk(tree);
