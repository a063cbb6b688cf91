// Makes plain HTML of what Word, WPS and Excel put on the clipboard: numbers
// of lists become text, styles become headings, what is hidden, deleted or a
// remark goes.

// styleOf is what inert has left of an element's style.
export const styleOf = (node) => (node.getAttribute("data-style") || "").toLowerCase();

// inert is HTML without what a content security policy would have to stop:
// styles are kept as data, handlers of events too, scripts and style sheets go.
export function inert(html) {
  return html
    .replace(/<(script|style)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}

function unwrap(node) {
  while (node.firstChild) node.parentNode.insertBefore(node.firstChild, node);
  node.remove();
}

function rename(node, tag) {
  const made = node.ownerDocument.createElement(tag);
  while (node.firstChild) made.appendChild(node.firstChild);
  node.replaceWith(made);
}

// fromOffice tells whether an office program made the HTML.
const fromOffice = (root) =>
  !!root.querySelector("[data-style*='mso-'],[class^='Mso'],[class^='mso'],[class*=' Mso']") ||
  [...root.querySelectorAll("*")].some((node) => /^(o|w|v|x|st1):/i.test(node.tagName));

// Nobody who pastes has seen these.
const hidden = /display:\s*none|visibility:\s*hidden|mso-hide:\s*all|mso-element:\s*(comment|field-|para-border)/;
const remark = "[class~='MsoCommentReference'],[class~='MsoCommentText'],[class~='msocomanchor'],[class~='msocomtxt'],[class~='msocomoff'],[hidden]";

function dropHidden(root) {
  for (const table of root.querySelectorAll("table")) dropHiddenColumns(table);
  for (const node of root.querySelectorAll(remark)) node.remove();
  for (const node of root.querySelectorAll("[data-style]")) if (hidden.test(styleOf(node))) node.remove();
  for (const row of root.querySelectorAll("tr[height='0']")) if (!row.textContent.trim()) row.remove();
}

// hiddenColumns are the places of the columns that a table hides.
function hiddenColumns(table) {
  const out = [];
  let at = 0;
  for (const col of table.querySelectorAll("col")) {
    if (col.closest("table") !== table) continue;
    const n = Math.min(parseInt(col.getAttribute("span"), 10) || 1, 1000);
    for (let i = 0; i < n; i++, at++) if (/display:\s*none/.test(styleOf(col)) || col.getAttribute("width") === "0") out.push(at);
  }
  return out;
}

function dropHiddenColumns(table) {
  const columns = hiddenColumns(table);
  if (!columns.length) return;
  const open = []; // rows that a cell above still covers, by column
  for (const row of [...table.rows]) {
    let at = 0;
    for (const cell of [...row.cells]) {
      while (open[at] > 0) at++;
      const { colSpan, rowSpan } = cell;
      for (let i = 0; i < colSpan; i++) open[at + i] = rowSpan;
      const gone = columns.filter((c) => c >= at && c < at + colSpan).length;
      if (gone === colSpan) cell.remove();
      else if (gone) cell.colSpan = colSpan - gone;
      at += colSpan;
    }
    for (let i = 0; i < open.length; i++) open[i] = Math.max((open[i] || 0) - 1, 0);
  }
}

// dropChanges accepts tracked changes.
function dropChanges(root) {
  for (const node of root.querySelectorAll("del,[class~='msoDel']")) node.remove();
  for (const node of root.querySelectorAll("ins")) unwrap(node);
}

// marker is the number or bullet of a list as Word prints it, as text.
function marker(node) {
  const fonts = [node, ...node.querySelectorAll("[data-style]")].map(styleOf).join(";");
  const text = node.textContent.replace(/[\s\u00a0]+/g, "");
  if (/wingdings|symbol|webdings/.test(fonts) || /^[\uf000-\uf0ff·•●○■□◆oØvüln§]$/.test(text)) return "• ";
  if (/^第.+[章节条编]$/.test(text)) return text + "\u3000";
  return /[.．)]$|[A-Za-z0-9]$/.test(text) ? text + " " : text;
}

function printNumbers(root) {
  for (const node of root.querySelectorAll("[data-style*='mso-list']")) {
    if (!/mso-list:\s*ignore/.test(styleOf(node))) continue;
    const text = marker(node);
    const block = node.closest("p,li,h1,h2,h3,h4,h5,h6,td,div");
    // The blanks that Word puts behind a number are part of it.
    const next = node.nextSibling;
    if (next && next.nodeType === Node.TEXT_NODE) next.data = next.data.replace(/^[\s\u00a0]+/, "");
    node.remove();
    if (block) block.insertBefore(root.ownerDocument.createTextNode(text), block.firstChild);
  }
}

// headings makes heading elements of paragraphs that have a heading's style.
function headings(root) {
  for (const node of root.querySelectorAll("p")) {
    if (node.closest("td,th")) continue;
    const outline = /mso-outline-level:\s*([1-6])/.exec(styleOf(node));
    const named = /(?:^|\s)(?:MsoHeading|Heading)\s?([1-6])(?:\s|$)/i.exec(node.className);
    const title = /(?:^|\s)MsoTitle/.test(node.className);
    const level = title ? 1 : outline ? +outline[1] : named ? +named[1] : 0;
    if (level) rename(node, "h" + level);
  }
}

// shiftHeadings makes 标题一 of the highest heading: above it stands the title
// of the document, which has its own field.
export function shiftHeadings(root) {
  const all = [...root.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter((node) => node.textContent.trim());
  const top = Math.min(...all.map((node) => +node.tagName[1]));
  for (const node of all) {
    const level = Math.min(+node.tagName[1] - top + 2, 4);
    if (+node.tagName[1] !== level) rename(node, "h" + level);
  }
}

// clean changes the HTML below root into what a person would have typed.
export function clean(root) {
  for (const node of root.querySelectorAll("style,script,meta,link,title,xml")) node.remove();
  dropHidden(root);
  if (fromOffice(root)) {
    dropChanges(root);
    printNumbers(root);
    headings(root);
    for (const node of [...root.querySelectorAll("*")]) if (node.tagName.includes(":")) unwrap(node);
  }
  shiftHeadings(root);
}
