// What a text may hold: exactly what internal/document keeps of it. Lists are
// paragraphs that begin with their number or bullet, because that is how
// official documents are written and how the public page prints them.
import { Schema } from "prosemirror-model";
import { linkable, isLocal } from "./address.js";

const span = (node, name) => Math.min(Math.max(parseInt(node.getAttribute(name), 10) || 1, 1), 1000);

// pictureOf reads a picture of an element that holds its address in an attribute.
const pictureOf = (name) => (node) => {
  const src = linkable(node.getAttribute(name));
  return !!src && { src, alt: node.getAttribute("alt") || "" };
};

const cell = (tag, tableRole) => ({
  content: "paragraph",
  tableRole,
  isolating: true,
  attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
  parseDOM: [{ tag, getAttrs: (node) => ({ colspan: span(node, "colspan"), rowspan: span(node, "rowspan") }) }],
  toDOM({ attrs }) {
    const out = {};
    if (attrs.colspan > 1) out.colspan = attrs.colspan;
    if (attrs.rowspan > 1) out.rowspan = attrs.rowspan;
    return [tag, out, 0];
  },
});

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    content: "inline*",
    group: "block",
    defining: true,
    attrs: { level: { default: 2 } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: "h" + level, attrs: { level } })),
    toDOM: (node) => ["h" + node.attrs.level, 0],
  },
  table: {
    content: "table_row+",
    group: "block",
    tableRole: "table",
    isolating: true,
    parseDOM: [{ tag: "table" }],
    toDOM: () => ["div", { class: "table" }, ["table", ["tbody", 0]]],
  },
  table_row: {
    content: "(table_cell | table_header)*",
    tableRole: "row",
    parseDOM: [{ tag: "tr" }],
    toDOM: () => ["tr", 0],
  },
  table_cell: cell("td", "cell"),
  table_header: cell("th", "header_cell"),
  text: { group: "inline" },
  image: {
    group: "inline",
    inline: true,
    draggable: true,
    attrs: { src: {}, alt: { default: "" } },
    parseDOM: [
      { tag: "img[src]", getAttrs: pictureOf("src") },
      { tag: "span[data-src]", getAttrs: pictureOf("data-src") },
    ],
    // A picture of another site is named, not fetched.
    toDOM({ attrs: { src, alt } }) {
      if (isLocal(src)) return ["img", { src, alt }];
      return ["span", { class: "ed-foreign", "data-src": src, alt }, `［外站图片：${alt || src}］`];
    },
  },
};

// The order of the marks is the order in which they stand in each other.
const simple = { strong: "strong, b", em: "em, i", u: "u", s: "s", del: "del", ins: "ins", sub: "sub", sup: "sup", code: "code" };

const marks = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (node) => !!linkable(node.getAttribute("href")) && { href: linkable(node.getAttribute("href")) } }],
    toDOM: (mark) => ["a", { href: mark.attrs.href }, 0],
  },
};
for (const [name, tags] of Object.entries(simple)) {
  marks[name] = {
    parseDOM: tags.split(", ").map((tag) => ({ tag })),
    toDOM: () => [name, 0],
  };
}
marks.sub.excludes = "sub sup";
marks.sup.excludes = "sub sup";

export const schema = new Schema({ nodes, marks });

// markOf is the name of the mark that an element of HTML stands for.
export const markOf = Object.fromEntries(
  Object.entries(simple).flatMap(([name, tags]) => tags.split(", ").map((tag) => [tag, name])),
);
