// Numbers of paragraphs are text: 一、 （一） 1. （1） ① and •. This file writes
// and continues them.
import { TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const digits = "零一二三四五六七八九";

// chinese writes 1 to 99 in Chinese.
export function chinese(n) {
  const ten = Math.floor(n / 10);
  const one = n % 10;
  if (n < 10) return digits[n];
  return (ten > 1 ? digits[ten] : "") + "十" + (one ? digits[one] : "");
}

function fromChinese(s) {
  const [, tens, ten, ones] = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(s) || [];
  if (!ten) return tens && !ones ? digits.indexOf(tens) : 0;
  return (tens ? digits.indexOf(tens) : 1) * 10 + (ones ? digits.indexOf(ones) : 0);
}

const circled = (n) => String.fromCharCode(0x2460 + n - 1);

// styles are the ways to number, outermost first.
export const styles = [
  { name: "一、", find: /^([一二三四五六七八九十]{1,3})、/, value: fromChinese, print: (n) => chinese(n) + "、", most: 99 },
  { name: "（一）", find: /^[（(]([一二三四五六七八九十]{1,3})[）)]/, value: fromChinese, print: (n) => `（${chinese(n)}）`, most: 99 },
  { name: "1.", find: /^(\d{1,2})[.．](?!\d)\s?/, value: Number, print: (n) => n + ". ", most: 99 },
  { name: "（1）", find: /^[（(](\d{1,2})[）)]/, value: Number, print: (n) => `（${n}）`, most: 99 },
  { name: "①", find: /^([①-⑳])/, value: (s) => s.charCodeAt(0) - 0x245f, print: circled, most: 20 },
  { name: "•", find: /^([•·●])\s?/, value: () => 1, print: () => "• ", most: Infinity },
];
export const bullet = styles.length - 1;

// numberOf reads the number that a text begins with: its style, its value and
// how many characters it takes; null where there is none.
export function numberOf(text) {
  for (let style = 0; style < styles.length; style++) {
    const m = styles[style].find.exec(text);
    const n = m && styles[style].value(m[1]);
    if (n > 0) return { style, n, length: m[0].length };
  }
  return null;
}

// beginning is the text of a paragraph before its first picture.
const beginning = (node) => (node.firstChild && node.firstChild.isText ? node.textBetween(0, Math.min(node.content.size, 12), "", "\ufffc") : "");

// paragraphs are the paragraphs of the whole text that the selection touches.
function paragraphs(state) {
  const out = [];
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, pos, parent) => {
    if (parent === state.doc && node.isTextblock) out.push({ node, pos });
    return false;
  });
  return out;
}

// isNumbered tells whether every selected paragraph is numbered in the style.
export function isNumbered(state, style) {
  const all = paragraphs(state);
  return all.length > 0 && all.every(({ node }) => (numberOf(beginning(node)) || {}).style === style);
}

// before is the number that the style has reached above a position; a number
// of an outer style begins it anew.
function before(doc, pos, style) {
  const $pos = doc.resolve(pos);
  for (let i = $pos.index(0) - 1; i >= 0; i--) {
    const found = numberOf(beginning(doc.child(i)));
    if (found && found.style === style) return found.n;
    if (found && found.style < style) return 0;
  }
  return 0;
}

function setNumber(tr, pos, node, text) {
  const found = numberOf(beginning(node));
  const from = pos + 1;
  if (found) tr.delete(from, from + found.length);
  if (text) tr.insert(from, schema.text(text));
}

// number gives the selected paragraphs numbers of the style, continuing those
// above; where all have them already it takes them away.
export function number(style) {
  return (state, dispatch) => {
    const all = paragraphs(state);
    if (!all.length) return false;
    if (!dispatch) return true;
    const off = isNumbered(state, style);
    const tr = state.tr;
    let n = before(state.doc, all[0].pos, style);
    for (const { node, pos } of all) {
      const next = off || n >= styles[style].most ? "" : styles[style].print(++n);
      setNumber(tr, tr.mapping.map(pos), node, next);
    }
    dispatch(tr.scrollIntoView());
    return true;
  };
}

// renumber counts the selected paragraphs and those that follow them without a
// gap anew, from the first one's number.
export function renumber(state, dispatch) {
  const [first] = paragraphs(state);
  const found = first && numberOf(beginning(first.node));
  if (!found || found.style === bullet) return false;
  if (dispatch) dispatch(countFrom(state.tr, state.doc.resolve(first.pos).index(0), found));
  return true;
}

// countFrom numbers the blocks from index on, as long as they are of one style
// or of an inner one.
function countFrom(tr, index, { style, n }) {
  let pos = 0;
  const doc = tr.doc;
  const done = tr.steps.length;
  for (let i = 0; i < index; i++) pos += doc.child(i).nodeSize;
  for (let i = index; i < doc.childCount; i++) {
    const node = doc.child(i);
    const found = node.isTextblock && numberOf(beginning(node));
    if (!found || found.style < style) break;
    if (found.style === style && n <= styles[style].most) {
      setNumber(tr, tr.mapping.slice(done).map(pos), node, styles[style].print(n++));
    }
    pos += node.nodeSize;
  }
  return tr;
}

// continueNumber is Enter at the end of an item: a list that has begun (a
// bullet, or a number that follows one directly above) goes on. Enter in an
// item without text ends the list.
export function continueNumber(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth !== 1 || $from.parentOffset !== $from.parent.content.size) return false;
  const found = numberOf(beginning($from.parent));
  if (!found) return false;
  const index = $from.index(0);
  if ($from.parent.content.size === found.length) {
    if (dispatch) dispatch(state.tr.delete($from.start(), $from.end()).scrollIntoView());
    return true;
  }
  const above = index > 0 && numberOf(beginning(state.doc.child(index - 1)));
  const goesOn = found.style === bullet || (above && above.style === found.style && above.n === found.n - 1);
  if (!goesOn || found.n >= styles[found.style].most) return false;
  if (dispatch) {
    const tr = state.tr.split($from.pos, 1, [{ type: schema.nodes.paragraph }]);
    const at = tr.selection.from;
    tr.insertText(styles[found.style].print(found.n + 1), at);
    const end = tr.selection.from;
    if (found.style !== bullet) countFrom(tr, index + 1, { style: found.style, n: found.n + 1 });
    tr.setSelection(TextSelection.create(tr.doc, Math.min(end, tr.doc.content.size)));
    dispatch(tr.scrollIntoView());
  }
  return true;
}

// dropNumber is Backspace right behind a number: it goes as a whole.
export function dropNumber(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth !== 1) return false;
  const found = numberOf(beginning($from.parent));
  if (!found || $from.parentOffset !== found.length) return false;
  if (dispatch) dispatch(state.tr.delete($from.start(), $from.pos));
  return true;
}
