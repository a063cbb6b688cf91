// The commands behind the buttons and keys.
import { Fragment, Slice } from "prosemirror-model";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { setBlockType, toggleMark, baseKeymap, chainCommands } from "prosemirror-commands";
import { undo, redo } from "prosemirror-history";
import { goToNextCell, isInTable } from "prosemirror-tables";
import { schema } from "./schema.js";
import { nextCell, cellBelow } from "./table.js";
import { continueNumber, dropNumber } from "./number.js";

const { paragraph, heading } = schema.nodes;

// mark turns a mark on or off.
export const mark = (name) => toggleMark(schema.marks[name]);

// isMarked tells whether the selection, or what is typed next, has a mark.
export function isMarked(state, name) {
  const type = schema.marks[name];
  const { from, to, empty, $from } = state.selection;
  if (empty) return !!type.isInSet(state.storedMarks || $from.marks());
  return state.doc.rangeHasMark(from, to, type);
}

// style makes paragraphs (0) or headings of the selected blocks.
export const style = (level) => (level ? setBlockType(heading, { level }) : setBlockType(paragraph));

// isStyle tells whether all selected blocks have a style.
export function isStyle(state, level) {
  let all = true;
  let any = false;
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node) => {
    if (!node.isTextblock) return true;
    any = true;
    all = all && (level ? node.type === heading && node.attrs.level === level : node.type === paragraph);
    return false;
  });
  return any && all;
}

// plain takes all marks away and makes paragraphs of headings.
export function plain(state, dispatch) {
  if (!dispatch) return true;
  const tr = state.tr;
  for (const { $from, $to } of state.selection.ranges) {
    tr.removeMark($from.pos, $to.pos);
    if (!isInTable(state)) tr.setBlockType($from.pos, $to.pos, paragraph);
  }
  dispatch(tr.setStoredMarks([]));
  return true;
}

// linkAt gives the link around the selection: {href, from, to}, or null.
export function linkAt(state) {
  const { $from, $to } = state.selection;
  const at = $from.parent.childAfter($from.parentOffset);
  const before = $from.parent.childBefore($from.parentOffset);
  const found = [at, before].find(({ node }) => node && schema.marks.link.isInSet(node.marks));
  if (!found || !$from.sameParent($to)) return null;
  const link = schema.marks.link.isInSet(found.node.marks);
  let from = found.offset;
  let to = found.offset + found.node.nodeSize;
  $from.parent.forEach((node, offset) => {
    if (!link.isInSet(node.marks)) return;
    if (offset === to) to = offset + node.nodeSize;
  });
  for (let i = found.index - 1; i >= 0 && link.isInSet($from.parent.child(i).marks); i--) from -= $from.parent.child(i).nodeSize;
  return { href: link.attrs.href, from: $from.start() + from, to: $from.start() + to };
}

// setLink links from to to, or takes their links away where href is "".
export function setLink(from, to, href) {
  return (state, dispatch) => {
    const tr = state.tr.removeMark(from, to, schema.marks.link);
    if (href) tr.addMark(from, to, schema.marks.link.create({ href }));
    if (dispatch) dispatch(tr);
    return true;
  };
}

// insertLink puts a linked text, and plain text behind it, at the selection.
export function insertLink(href, text, behind = "") {
  return (state, dispatch) => {
    const nodes = [schema.text(text, [schema.marks.link.create({ href })])];
    if (behind) nodes.push(schema.text(behind));
    if (dispatch) dispatch(state.tr.replaceSelection(new Slice(Fragment.fromArray(nodes), 0, 0)).setStoredMarks([]).scrollIntoView());
    return true;
  };
}

// selectedPicture is the picture that is selected: {src, alt}, or null.
export function selectedPicture(state) {
  const { selection } = state;
  return selection instanceof NodeSelection && selection.node.type === schema.nodes.image ? selection.node.attrs : null;
}

// setPicture puts a picture at the selection, in place of one selected.
export function setPicture(attrs) {
  return (state, dispatch) => {
    if (dispatch) dispatch(state.tr.replaceSelectionWith(schema.nodes.image.create(attrs), false).scrollIntoView());
    return true;
  };
}

// endHeading is Enter at the end of a heading: plain text follows.
function endHeading(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== heading || $from.parentOffset !== $from.parent.content.size) return false;
  if (dispatch) {
    const tr = state.tr.insert($from.after(), paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, $from.after() + 1)).scrollIntoView());
  }
  return true;
}

// keys are the keys of the text; those of the shell come first.
export const keys = {
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Mod-b": mark("strong"),
  "Mod-i": mark("em"),
  "Mod-u": mark("u"),
  "Mod-Alt-0": style(0),
  "Mod-Alt-1": style(2),
  "Mod-Alt-2": style(3),
  "Mod-Alt-3": style(4),
  Enter: chainCommands(cellBelow, continueNumber, endHeading, baseKeymap.Enter),
  "Shift-Enter": chainCommands(cellBelow, baseKeymap.Enter),
  Backspace: chainCommands(dropNumber, baseKeymap.Backspace),
  Tab: nextCell,
  "Shift-Tab": goToNextCell(-1),
};
