// Writes a document as HTML: h1 to h6, p, table and inline marks, each as
// internal/document keeps it. Empty paragraphs and blanks at the ends of a
// line, which it would drop, are not written.
import { trimmed } from "./read.js";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (s) => s.replace(/[&<>"]/g, (c) => escapes[c]);
// Of several blanks all but the last are written so that they stay.
const text = (s) => escape(s).replace(/ (?= )/g, "\u00a0");

const openTag = (mark) => mark.type.name === "link" ? `<a href="${escape(mark.attrs.href)}">` : `<${mark.type.name}>`;
const closeTag = (mark) => mark.type.name === "link" ? "</a>" : `</${mark.type.name}>`;

function inline(block) {
  const nodes = [];
  block.forEach((node) => nodes.push(node));
  let out = "";
  let open = [];
  const keep = (n) => {
    while (open.length > n) out += closeTag(open.pop());
  };
  for (const node of trimmed(nodes)) {
    let same = 0;
    while (same < open.length && same < node.marks.length && open[same].eq(node.marks[same])) same++;
    keep(same);
    for (const mark of node.marks.slice(same)) {
      out += openTag(mark);
      open.push(mark);
    }
    out += node.isText ? text(node.text) : `<img src="${escape(node.attrs.src)}" alt="${escape(node.attrs.alt)}">`;
  }
  keep(0);
  return out;
}

function cellHTML(cell) {
  const tag = cell.type.name === "table_header" ? "th" : "td";
  const span = (name) => (cell.attrs[name] > 1 ? ` ${name}="${cell.attrs[name]}"` : "");
  return `<${tag}${span("colspan")}${span("rowspan")}>${inline(cell.firstChild)}</${tag}>`;
}

function tableHTML(table) {
  let out = "<table>\n";
  table.forEach((row) => {
    out += "<tr>";
    row.forEach((cell) => (out += cellHTML(cell)));
    out += "</tr>\n";
  });
  return out + "</table>\n";
}

// write gives the HTML of a document.
export function write(doc) {
  let out = "";
  doc.forEach((block) => {
    if (block.type.name === "table") return (out += tableHTML(block));
    const content = inline(block);
    const tag = block.type.name === "heading" ? "h" + block.attrs.level : "p";
    if (content) out += `<${tag}>${content}</${tag}>\n`;
  });
  return out;
}
