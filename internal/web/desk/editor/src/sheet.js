// Reads the text that spreadsheets put on the clipboard: cells divided by tabs.

// cells divides tab-separated text; a cell in quotes may hold line ends.
function cells(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  while (pattern.lastIndex <= text.length) {
    const m = pattern.exec(text);
    if (!m) return null; // a quote that is not closed: no table
    const value = m[1] === undefined ? m[2] : m[1].replace(/""/g, '"');
    rows[rows.length - 1].push(value.replace(/\s+/g, " ").trim());
    if (m[3] === "") break;
    if (m[3] === "\n") rows.push([]);
  }
  return rows;
}

// readTabs gives the rows of a table, or null where the text is none: at least
// two columns, and the same number in every row.
export function readTabs(text) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!plain.includes("\t")) return null;
  const rows = cells(plain);
  if (!rows) return null;
  const width = rows[0].length;
  return width > 1 && rows.every((row) => row.length === width) ? rows : null;
}
