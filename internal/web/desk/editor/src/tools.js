// The tools in the order in which the toolbar shows them.
import { undo, redo } from "prosemirror-history";
import { addRowBefore, addRowAfter, addColumnBefore, addColumnAfter, deleteRow, deleteColumn, deleteTable, splitCell, toggleHeader, isInTable } from "prosemirror-tables";
import { mark, isMarked, style, isStyle, plain, linkAt, selectedPicture } from "./commands.js";
import { mergeCells } from "./table.js";
import { number, renumber, isNumbered, styles, bullet } from "./number.js";

const marked = (label, name, key) => ({ label, key, run: mark(name), on: (state) => isMarked(state, name) });
const styled = (label, level, key) => ({ label, key, run: style(level), on: (state) => isStyle(state, level) });
const numbered = (i, label) => ({ label, run: number(i), on: (state) => isNumbered(state, i) });

// groups of tools. A tool has a label, a key, run (a command, tried without
// dispatch to see whether it can be used) or act (a name that the shell knows),
// and on, where it can be pressed. A menu has items instead.
export const groups = [
  ["历史", [
    { label: "撤销", key: "Ctrl+Z", run: undo },
    { label: "重做", key: "Ctrl+Y", run: redo },
  ]],
  ["段落样式", [
    styled("正文", 0, "Ctrl+Alt+0"),
    styled("标题一", 2, "Ctrl+Alt+1"),
    styled("标题二", 3, "Ctrl+Alt+2"),
    styled("标题三", 4, "Ctrl+Alt+3"),
  ]],
  ["文字", [
    marked("加粗", "strong", "Ctrl+B"),
    marked("下划线", "u", "Ctrl+U"),
    marked("上标", "sup"),
    marked("下标", "sub"),
  ]],
  ["编号", [
    {
      label: "编号",
      items: [
        ...styles.slice(0, bullet).map((s, i) => numbered(i, `${s.print(1).trim()}　${s.print(2).trim()}　${s.print(3).trim()}`)),
        { label: "从这里起重新编号", run: renumber },
      ],
    },
    numbered(bullet, "项目符号"),
  ]],
  ["插入", [
    {
      label: "表格",
      items: [
        { label: "插入表格…", act: "table", can: (state) => !isInTable(state) },
        { label: "在上方插入行", run: addRowBefore },
        { label: "在下方插入行", run: addRowAfter },
        { label: "在左侧插入列", run: addColumnBefore },
        { label: "在右侧插入列", run: addColumnAfter },
        { label: "合并单元格", run: mergeCells },
        { label: "拆分单元格", run: splitCell },
        { label: "首行作表头", run: toggleHeader("row") },
        { label: "首列作表头", run: toggleHeader("column") },
        { label: "删除行", run: deleteRow },
        { label: "删除列", run: deleteColumn },
        { label: "删除表格", run: deleteTable },
      ],
    },
    { label: "图片", act: "picture", on: (state) => !!selectedPicture(state) },
    { label: "附件", act: "attachment" },
    { label: "条文", act: "article" },
    { label: "链接", act: "link", key: "Ctrl+K", on: (state) => !!linkAt(state) },
  ]],
  ["其他", [
    { label: "清除格式", run: plain },
    { label: "全屏", act: "full", on: (state, shell) => shell.isFull },
    { label: "键盘", act: "help", key: "Alt+0" },
  ]],
];

// help lists the keys.
export const help = [
  ["Alt+F10", "到工具栏；用左右方向键选，回车执行，Esc 回到正文"],
  ["Ctrl+S", "马上保存"],
  ["Ctrl+Z　Ctrl+Y", "撤销，重做"],
  ["Ctrl+B　Ctrl+U", "加粗，下划线"],
  ["Ctrl+Alt+0 到 3", "正文，标题一，标题二，标题三"],
  ["Ctrl+K", "链接"],
  ["Tab　Shift+Tab", "表格里：下一格，上一格；最后一格再按，添一行"],
  ["Enter", "表格里：下面一格；编号段落末尾：接着编号"],
  ["Shift+方向键", "表格里：选几个单元格，然后可以合并"],
  ["Esc，然后 Tab", "离开正文，到下一个栏目"],
];
