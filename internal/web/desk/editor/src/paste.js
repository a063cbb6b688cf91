// What happens to text that comes from elsewhere.
import { Fragment, Slice, DOMParser as SchemaParser } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { isInTable, CellSelection, handlePaste as pasteCells } from "prosemirror-tables";
import { schema } from "./schema.js";
import { read } from "./read.js";
import { write } from "./write.js";
import { clean, inert } from "./office.js";
import { readTabs } from "./sheet.js";
import { joined } from "./table.js";

const { paragraph, table, table_row, table_cell } = schema.nodes;

const whole = (blocks) => new Slice(Fragment.fromArray(blocks), 0, 0);

// lines makes a paragraph of every line that has text.
function lines(text) {
  return text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/[\t\u00a0]/g, " ").replace(/[\u200b\ufeff\u00ad\u0000]/g, "").replace(/^[ \u3000]+|[ \u3000]+$/g, ""))
    .filter(Boolean)
    .map((line) => paragraph.create(null, schema.text(line)));
}

function tableOf(rows) {
  const cell = (text) => table_cell.create(null, paragraph.create(null, text ? schema.text(text) : null));
  return table.create(null, rows.map((row) => table_row.create(null, row.map(cell))));
}

// flat is a slice as one line, for a cell of a table.
function flat(slice) {
  const blocks = [];
  slice.content.descendants((node) => {
    if (node.isTextblock) blocks.push(node);
    return !node.isTextblock;
  });
  return blocks.length ? joined(blocks) : slice.content.firstChild && slice.content.firstChild.isInline ? slice.content : Fragment.empty;
}

// isTable tells whether a slice is a table or cells of one and nothing else.
function isTable(slice) {
  const first = slice.content.firstChild;
  const role = (first && first.type.spec.tableRole) || "";
  return /row|cell/.test(role) || (role === "table" && slice.content.childCount === 1);
}

// pictures are the image files that the clipboard or a drop holds and nothing
// that could stand for them.
function pictures(data) {
  if (!data || data.types.includes("text/html") || data.types.includes("text/plain")) return [];
  return [...data.files].filter((file) => file.type.startsWith("image/"));
}

// pasting is the plugin. onLost is told how many pictures could not be taken
// along; onPictures is given files of pictures.
export function pasting({ onLost, onPictures }) {
  const native = SchemaParser.fromSchema(schema);
  // Styles that say what is hidden or numbered must be read before the view
  // sees the HTML: it keeps only those that browsers know.
  const transformPastedHTML = (html) => {
    if (html.includes("data-pm-slice")) return html;
    const body = new DOMParser().parseFromString(inert(html), "text/html").body;
    let lost = 0;
    clean(body);
    const blocks = read(body, { pasted: true, lost: () => lost++ });
    if (lost) onLost(lost);
    return write(Fragment.fromArray(blocks));
  };
  // What was pasted, before the view fits it to the place; null for what the
  // editor itself has copied.
  let pasted = null;
  const clipboardParser = {
    parseSlice(dom, options) {
      pasted = dom.querySelector("[data-pm-slice]") ? null : read(dom);
      return pasted ? whole(pasted) : native.parseSlice(dom, options);
    },
  };
  const takePictures = (event, data) => {
    const files = pictures(data);
    if (!files.length) return false;
    event.preventDefault();
    onPictures(files);
    return true;
  };
  return new Plugin({
    props: {
      transformPastedHTML,
      clipboardParser,
      clipboardTextParser(text, $context, plain) {
        const rows = !plain && readTabs(text);
        pasted = rows ? [tableOf(rows)] : lines(text);
        return whole(pasted);
      },
      handlePaste(view, event, slice) {
        if (takePictures(event, event.clipboardData)) return true;
        const given = pasted ? whole(pasted) : slice;
        pasted = null;
        if (!isInTable(view.state) || isTable(given)) return false;
        const text = flat(given);
        if (view.state.selection instanceof CellSelection) return pasteCells(view, event, whole([paragraph.create(null, text)]));
        view.dispatch(view.state.tr.replaceSelection(new Slice(text, 0, 0)).scrollIntoView().setMeta("paste", true));
        return true;
      },
      handleDrop: (view, event) => takePictures(event, event.dataTransfer),
    },
  });
}
