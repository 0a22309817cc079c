/** Where Streamdown is set up, and the only place where an answer's Markdown becomes elements. */
import { cjk } from "@streamdown/cjk";
import type { ComponentProps, ReactNode } from "react";
import remarkMath from "remark-math";
import { type Components, defaultRehypePlugins, defaultRemarkPlugins, Streamdown } from "streamdown";
import { Code } from "./code/Code";
import { Emphasis } from "./Emphasis";
import { Heading, HeadingBase, headingBase } from "./Heading";
import { htmlAsText } from "./html_as_text";
import { ImageChip } from "./ImageChip";
import { dollars } from "./math/delimiters";
import { Formula, Live } from "./math/Formula";
import { formulas } from "./math/formulas";
import { SafeLink } from "./SafeLink";
import { Table } from "./Table";

type Plugins = NonNullable<ComponentProps<typeof Streamdown>["remarkPlugins"]>;
const remarkPlugins: Plugins = [
  ...Object.values(defaultRemarkPlugins),
  [remarkMath, { singleDollarTextMath: false }],
  htmlAsText,
];
/** What may not be followed stays as its words, without a remark in English. */
const { harden, sanitize } = defaultRehypePlugins;
const quietly = { linkBlockPolicy: "text-only", imageBlockPolicy: "text-only" };
const hardened = Array.isArray(harden) ? [harden[0], Object.assign({}, harden[1], quietly)] : harden;
const rehypePlugins = [sanitize, hardened, formulas].filter((it) => it !== undefined) as Plugins;

const components: Components = {
  h1: ({ children }) => <Heading level={1}>{children}</Heading>,
  h2: ({ children }) => <Heading level={2}>{children}</Heading>,
  h3: ({ children }) => <Heading level={3}>{children}</Heading>,
  h4: ({ children }) => <Heading level={4}>{children}</Heading>,
  h5: ({ children }) => <Heading level={5}>{children}</Heading>,
  h6: ({ children }) => <Heading level={6}>{children}</Heading>,
  p: ({ children }) => <p dir="auto">{children}</p>,
  strong: ({ children }) => <strong>{children}</strong>,
  em: ({ children }) => <Emphasis>{children}</Emphasis>,
  del: ({ children }) => <del>{children}</del>,
  ul: ({ children }) => <ul>{children}</ul>,
  ol: ({ children, start }) => <ol start={start}>{children}</ol>,
  li: ({ children, className }) => (
    <li dir="auto" className={className?.includes("task-list-item") ? "task" : undefined}>
      {children}
    </li>
  ),
  input: ({ checked }) => <span aria-hidden="true">{checked ? "☑ " : "☐ "}</span>,
  blockquote: ({ children }) => <blockquote>{children}</blockquote>,
  hr: () => <hr />,
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <ImageChip src={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  code: ({ className, children }) => <Code className={className}>{children}</Code>,
  inlineCode: ({ children }) => <code translate="no">{children}</code>,
  "formula-inline": ({ children }) => <Formula display={false}>{children as ReactNode}</Formula>,
  "formula-block": ({ children }) => <Formula display>{children as ReactNode}</Formula>,
  table: ({ children }) => <Table>{children}</Table>,
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children, style }) => (
    <th scope="col" style={style}>
      {children}
    </th>
  ),
  td: ({ children, style }) => <td style={style}>{children}</td>,
};

const plugins = { cjk };
const linkSafety = { enabled: false };

/** `mode` and keys never change between streaming and settled: a settled answer is not parsed again. */
export function Prose({ text, live }: { text: string; live: boolean }) {
  return (
    <HeadingBase value={headingBase(text)}>
      <Live value={live}>
        <Streamdown
          className="md"
          mode="streaming"
          isAnimating={live}
          plugins={plugins}
          linkSafety={linkSafety}
          controls={false}
          lineNumbers={false}
          codeBlockMaxHeight={0}
          tableMaxHeight={0}
          components={components}
          remarkPlugins={remarkPlugins}
          rehypePlugins={rehypePlugins}
        >
          {dollars(text, { live })}
        </Streamdown>
      </Live>
    </HeadingBase>
  );
}
