/** Raw HTML in an answer is shown as what it is: text. People ask about HTML, and nothing of it may run or vanish. */
interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

const FLOW_PARENTS = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);

function walk(node: Node): void {
  node.children?.forEach((child, index) => {
    if (child.type !== "html") {
      walk(child);
      return;
    }
    const text: Node = { type: "text", value: child.value ?? "" };
    // Between blocks bare text has no place; there it becomes a paragraph.
    node.children?.splice(
      index,
      1,
      FLOW_PARENTS.has(node.type) ? { type: "paragraph", children: [text] } : text,
    );
  });
}

export const htmlAsText = () => (tree: Node) => walk(tree);
