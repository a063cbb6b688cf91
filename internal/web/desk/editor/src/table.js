// What a table can be told to do. A cell holds one paragraph, as the public
// page prints it.
import { Fragment } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { CellSelection, TableMap, isInTable, selectedRect, goToNextCell, addRowAfter, cellAround } from "prosemirror-tables";
import { schema } from "./schema.js";

const { paragraph, table, table_row, table_cell, table_header } = schema.nodes;

// joined is the text of several paragraphs as one line.
export function joined(blocks) {
  let out = Fragment.empty;
  for (const block of blocks) {
    if (!block.content.size) continue;
    if (out.size) out = out.append(Fragment.from(schema.text(" ")));
    out = out.append(block.content);
  }
  return out;
}

// insertTable puts a table of rows x columns at the selection; with head the
// first row has heading cells.
export function insertTable(rows, columns, head) {
  return (state, dispatch) => {
    if (isInTable(state)) return false;
    if (!dispatch) return true;
    const row = (type) => table_row.create(null, Array.from({ length: columns }, () => type.createAndFill()));
    const made = Array.from({ length: rows }, (_, i) => row(head && i === 0 ? table_header : table_cell));
    const tr = state.tr.replaceSelectionWith(table.create(null, made));
    const at = tr.mapping.map(state.selection.from, -1);
    let first = null;
    tr.doc.nodesBetween(Math.max(at - 1, 0), tr.doc.content.size, (node, pos) => {
      if (first === null && node.type === table) first = pos;
      return first === null;
    });
    if (first !== null) {
      tr.setSelection(TextSelection.near(tr.doc.resolve(first + 3)));
      const end = first + tr.doc.nodeAt(first).nodeSize;
      if (end === tr.doc.content.size) tr.insert(end, paragraph.create());
    }
    dispatch(tr.scrollIntoView());
    return true;
  };
}

// overlaps tells whether a cell reaches out of the rectangle.
function overlaps({ map, left, right, top, bottom }) {
  const { width, height } = map;
  const at = (row, col) => map.map[row * width + col];
  for (let row = top; row < bottom; row++) {
    if ((left > 0 && at(row, left) === at(row, left - 1)) || (right < width && at(row, right - 1) === at(row, right))) return true;
  }
  for (let col = left; col < right; col++) {
    if ((top > 0 && at(top, col) === at(top - 1, col)) || (bottom < height && at(bottom - 1, col) === at(bottom, col))) return true;
  }
  return false;
}

// mergeCells makes one cell of those selected; their texts stand one after
// another.
export function mergeCells(state, dispatch) {
  const selection = state.selection;
  if (!(selection instanceof CellSelection) || selection.$anchorCell.pos === selection.$headCell.pos) return false;
  const rect = selectedRect(state);
  if (overlaps(rect)) return false;
  if (!dispatch) return true;
  const places = rect.map.cellsInRect(rect);
  const cells = places.map((pos) => rect.table.nodeAt(pos));
  const tr = state.tr;
  places.forEach((pos, i) => {
    if (i === 0) return;
    const from = tr.mapping.map(rect.tableStart + pos);
    tr.delete(from, from + cells[i].nodeSize);
  });
  const first = rect.tableStart + places[0];
  tr.setNodeMarkup(first, null, { ...cells[0].attrs, colspan: rect.right - rect.left, rowspan: rect.bottom - rect.top });
  const inside = first + 2;
  tr.replaceWith(inside, inside + cells[0].firstChild.content.size, joined(cells.map((c) => c.firstChild)));
  tr.setSelection(new CellSelection(tr.doc.resolve(first)));
  dispatch(tr);
  return true;
}

// nextCell goes to the next cell, and makes a row behind the last one.
export function nextCell(state, dispatch, view) {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (!dispatch) return true;
  addRowAfter(state, dispatch);
  return goToNextCell(1)(view.state, view.dispatch);
}

// cellBelow goes to the cell below, as in a spreadsheet, or behind the table.
export function cellBelow(state, dispatch) {
  const $cell = isInTable(state) && cellAround(state.selection.$head);
  if (!$cell) return false;
  if (!dispatch) return true;
  const start = $cell.start(-1);
  const map = TableMap.get($cell.node(-1));
  const rect = map.findCell($cell.pos - start);
  const tr = state.tr;
  if (rect.bottom < map.height) {
    const below = start + map.map[rect.bottom * map.width + rect.left];
    tr.setSelection(TextSelection.create(tr.doc, below + 2));
  } else {
    const end = $cell.after(-1);
    if (end === tr.doc.content.size) tr.insert(end, paragraph.create());
    tr.setSelection(TextSelection.near(tr.doc.resolve(end), 1));
  }
  dispatch(tr.scrollIntoView());
  return true;
}
