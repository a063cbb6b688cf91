// Reads HTML as internal/document does (html.go): blocks one after another,
// tables with their spans, inline marks; all else falls away.
import { Fragment } from "prosemirror-model";
import { schema, markOf } from "./schema.js";
import { styleOf, inert } from "./office.js";
import { linkable, pastedLink, pastedImage } from "./address.js";

const words = (s) => new Set(s.split(" "));

const dropped = words(
  "SCRIPT STYLE NOSCRIPT TEMPLATE IFRAME OBJECT EMBED HEAD SELECT TEXTAREA BUTTON SVG MATH AUDIO VIDEO CANVAS TITLE LINK META NOFRAMES NOEMBED XMP PLAINTEXT FRAMESET",
);
const plainInline = words(
  "SPAN FONT LABEL SMALL BIG TT ABBR MARK CITE Q DFN KBD SAMP VAR TIME BDI BDO WBR INPUT STRIKE ACRONYM DATA NOBR RUBY RB RT RP A",
);
const { paragraph, heading, table, table_row, table_cell, table_header, image } = schema.nodes;

const blanks = " \t\r\n\u3000\u00a0\u200b\ufeff";
const leading = new RegExp("^[" + blanks + "]+");
const trailing = new RegExp("[" + blanks + "]+$");
const cjk = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u201c\u201d\u2018\u2019";
// A line end between two such characters is how the source is wrapped, no blank.
const wrapped = new RegExp("([" + cjk + "])[ \\t]*[\\r\\n]+[ \\t\\r\\n]*(?=[" + cjk + "])", "g");

// trimmed drops the blanks at both ends of a line.
export function trimmed(inline) {
  const out = inline.slice();
  while (out.length && out[0].isText) {
    const text = out[0].text.replace(leading, "");
    if (text) { out[0] = out[0].withText(text); break; }
    out.shift();
  }
  for (let last; (last = out[out.length - 1]) && last.isText;) {
    const text = last.text.replace(trailing, "");
    if (text) { out[out.length - 1] = last.withText(text); break; }
    out.pop();
  }
  return out;
}

const span = (node, name) => Math.min(Math.max(parseInt(node.getAttribute(name), 10) || 1, 1), 1000);

class Reader {
  constructor(options, cell) {
    this.options = options;
    this.cell = cell; // inside a cell: line ends are blanks
    this.blocks = [];
    this.line = [];
    this.marks = [];
    this.level = 0; // of the heading that is open
    this.number = ""; // of the item of a list
  }

  text(s) {
    s = s.replace(/[\u200b\ufeff\u00ad\u0000]/g, "");
    if (this.options.pasted) s = s.replace(wrapped, "$1");
    s = s.replace(/[ \t\r\n\f]+/g, " ").replace(/\u00a0/g, " ");
    const last = this.line[this.line.length - 1];
    if (!last || (last.isText && last.text.endsWith(" "))) s = s.replace(/^ /, "");
    if (s) this.line.push(schema.text(s, this.marks));
  }

  children(node) {
    for (const child of node.childNodes) this.node(child);
  }

  node(node) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const tag = node.tagName.toUpperCase();
    if (dropped.has(tag)) return;
    if (tag === "BR" || tag === "HR") return this.breakLine();
    if (tag === "IMG") return this.image(node);
    if (tag === "TABLE" && !this.cell) return this.table(node);
    if (tag === "UL" || tag === "OL") return this.list(node, tag === "OL");
    const marks = this.marksOf(node, tag.toLowerCase());
    if (marks || plainInline.has(tag)) return this.marked(node, marks || []);
    this.block(node, tag);
  }

  // marksOf gives the marks that an inline element stands for, or nothing
  // where it stands for none.
  marksOf(node, tag) {
    const marks = [];
    const add = (name) => marks.push(schema.marks[name].create());
    const style = this.options.pasted && styleOf(node);
    if (tag === "a" && node.getAttribute("href")) {
      const href = (this.options.pasted ? pastedLink : linkable)(node.getAttribute("href"));
      if (href) marks.push(schema.marks.link.create({ href }));
    } else if (markOf[tag]) {
      const off = style && (/font-weight:\s*(normal|[1-5]00)/.test(style) && markOf[tag] === "strong" ||
        /font-style:\s*normal/.test(style) && markOf[tag] === "em");
      if (!off) add(markOf[tag]);
    } else if (style && plainInline.has(tag.toUpperCase())) {
      if (/font-weight:\s*(bold|[6-9]00)/.test(style)) add("strong");
      if (/font-style:\s*italic/.test(style)) add("em");
      if (/text-decoration[^;]*underline/.test(style)) add("u");
      if (/text-decoration[^;]*line-through/.test(style)) add("s");
      const align = /vertical-align:\s*(sub|super)/.exec(style);
      if (align) add(align[1] === "sub" ? "sub" : "sup");
    }
    // What a heading looks like is not for its text to say.
    const plain = this.options.pasted && (this.level || this.head);
    if (marks.length || markOf[tag]) return plain ? marks.filter((m) => !/strong|em|^u$/.test(m.type.name)) : marks;
    return null;
  }

  marked(node, marks) {
    const before = this.marks;
    for (const m of marks) this.marks = m.addToSet(this.marks);
    this.children(node);
    this.marks = before;
  }

  image(node) {
    const src = node.getAttribute("src");
    const address = this.options.pasted ? pastedImage(src) : linkable(src);
    const alt = node.getAttribute("alt") || "";
    if (address) this.line.push(image.create({ src: address, alt }, null, this.marks));
    else if (this.options.pasted) this.options.lost && this.options.lost();
    else if (alt) this.text(alt);
  }

  block(node, tag) {
    this.breakLine();
    const before = this.level;
    const level = /^H([1-6])$/.exec(tag);
    if (level && !this.cell) this.level = +level[1];
    this.children(node);
    this.breakLine();
    this.level = before;
  }

  breakLine() {
    if (this.cell) {
      if (this.line.length) this.text(" ");
      return;
    }
    const line = trimmed(this.line);
    this.line = [];
    if (!line.length) return;
    if (this.number) line.unshift(schema.text(this.number));
    this.number = "";
    const content = Fragment.fromArray(line);
    this.blocks.push(this.level ? heading.create({ level: this.level }, content) : paragraph.create(null, content));
  }

  list(node, ordered) {
    this.breakLine();
    const before = [this.level, this.number];
    this.level = 0;
    let no = parseInt(node.getAttribute("start"), 10);
    if (!(no >= 0 && no <= 1e6)) no = 1;
    for (const child of node.childNodes) {
      const item = child.nodeName === "LI";
      this.number = item && ordered ? no++ + ". " : item && this.options.pasted ? "• " : "";
      if (this.cell && item) {
        this.breakLine();
        this.text(this.number);
      }
      this.node(child);
      this.breakLine();
    }
    [this.level, this.number] = before;
  }

  table(node) {
    this.breakLine();
    const rows = [];
    this.rows(node, rows);
    if (rows.some((row) => row.childCount)) this.blocks.push(table.create(null, rows));
  }

  rows(node, rows) {
    for (const child of node.children) {
      if (child.tagName === "TR") rows.push(table_row.create(null, this.cells(child)));
      else if (child.tagName === "CAPTION") this.block(child, "CAPTION");
      else this.rows(child, rows);
    }
  }

  cells(row) {
    const out = [];
    for (const node of row.children) {
      if (node.tagName !== "TD" && node.tagName !== "TH") continue;
      const inner = new Reader(this.options, true);
      inner.head = node.tagName === "TH";
      inner.children(node);
      const type = inner.head ? table_header : table_cell;
      const attrs = { colspan: span(node, "colspan"), rowspan: span(node, "rowspan") };
      out.push(type.create(attrs, paragraph.create(null, Fragment.fromArray(trimmed(inner.line)))));
    }
    return out;
  }
}

// read gives the blocks below an element. Options: pasted for text from
// elsewhere (bullets are printed, styles become marks, foreign pictures are
// dropped), lost to be told of each dropped picture.
export function read(root, options = {}) {
  const r = new Reader(options, false);
  r.children(root);
  r.breakLine();
  return r.blocks;
}

// readDocument makes a document of HTML.
export function readDocument(html) {
  const blocks = read(new DOMParser().parseFromString(inert(html), "text/html").body);
  return schema.nodes.doc.create(null, blocks.length ? blocks : [paragraph.create()]);
}
