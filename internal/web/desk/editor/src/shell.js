// One editor: the surface, its toolbar and what they say.
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { keymap } from "prosemirror-keymap";
import { baseKeymap } from "prosemirror-commands";
import { history } from "prosemirror-history";
import { tableEditing } from "prosemirror-tables";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { make, later } from "./dom.js";
import { readDocument } from "./read.js";
import { write } from "./write.js";
import { pasting } from "./paste.js";
import { Toolbar } from "./toolbar.js";
import { Notices } from "./notice.js";
import { ask } from "./dialog.js";
import { help } from "./tools.js";
import { insertTable } from "./table.js";
import { keys, linkAt, setLink, insertLink, selectedPicture, setPicture } from "./commands.js";
import { tableSize, picture, attachment, article, address } from "./insert.js";

export class Shell {
  // area is the textarea that the editor stands for; changed is called after
  // every change of the text, save by Ctrl+S.
  constructor(area, { changed, save }) {
    this.area = area;
    this.save = save;
    this.changed = changed;
    this.notices = new Notices();
    this.bar = new Toolbar(this);
    this.sheet = make("div", { class: "ed-sheet" });
    this.dom = make("div", { class: "ed" }, this.bar.dom, this.sheet, this.notices.dom);
    this.view = new EditorView(this.sheet, {
      state: this.stateOf(area.value),
      attributes: this.attributes(),
      dispatchTransaction: (tr) => this.apply(tr),
      handleDOMEvents: { keydown: (view, event) => this.leaves(event) },
      handleKeyDown: (view, event) => this.key(event),
      scrollMargin: { top: 140, bottom: 80, left: 5, right: 5 },
      scrollThreshold: { top: 130, bottom: 70, left: 0, right: 0 },
    });
    this.countLater = later(400, () => this.count());
    this.dom.addEventListener("keydown", (event) => this.shield(event));
    area.before(this.dom);
    area.hidden = true;
    this.bar.update(this.view.state);
    this.count();
  }

  attributes() {
    const label = document.querySelector(`label[for="${CSS.escape(this.area.id)}"]`);
    if (label && !label.id) label.id = this.area.id + "-label";
    if (label) label.addEventListener("click", () => this.view.focus());
    return {
      class: "ed-text",
      role: "textbox",
      "aria-multiline": "true",
      ...(label ? { "aria-labelledby": label.id } : { "aria-label": this.area.getAttribute("aria-label") || "正文" }),
      ...(this.area.required ? { "aria-required": "true" } : {}),
      ...(this.area.getAttribute("aria-describedby") ? { "aria-describedby": this.area.getAttribute("aria-describedby") } : {}),
      spellcheck: "false",
    };
  }

  stateOf(html) {
    return EditorState.create({
      doc: readDocument(html),
      plugins: [
        pasting({ onLost: (n) => this.notices.lostPictures(n), onPictures: (files) => this.pastePictures(files) }),
        history(),
        keymap(keys),
        keymap(baseKeymap),
        tableEditing(),
        dropCursor({ color: false, class: "ed-drop-line" }),
        gapCursor(),
      ],
    });
  }

  get html() {
    return write(this.view.state.doc);
  }

  set html(html) {
    this.view.updateState(this.stateOf(html));
    this.bar.update(this.view.state);
    this.count();
    this.changed();
  }

  apply(tr) {
    this.view.updateState(this.view.state.apply(tr));
    this.bar.update(this.view.state);
    if (!tr.docChanged) return;
    this.countLater();
    this.changed();
  }

  count() {
    this.notices.characters(this.view.state.doc.textContent.replace(/\s/g, "").length);
  }

  // key is what the shell itself answers to, before the text does.
  key(event) {
    const mod = (event.ctrlKey || event.metaKey) && !event.altKey;
    const name = event.key.toLowerCase();
    if (event.altKey && event.key === "F10") return this.bar.focus(), true;
    if (event.altKey && event.key === "0" && !event.ctrlKey) return this.act("help"), true;
    if (mod && name === "s") return this.save(), true;
    if (mod && name === "k") return this.act("link"), true;
    if (event.key === "Escape" && this.isFull) return this.act("full"), true;
    return false;
  }

  // leaves tells whether a key is none of the text's: after Esc the Tab key goes
  // to the next field, also from within a table.
  leaves(event) {
    const leaving = this.leaving;
    this.leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    return leaving && event.key === "Tab";
  }

  // shield keeps keys that write text from the shortcuts of the page, and lets
  // Ctrl+S save from everywhere in the editor.
  shield(event) {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && !event.defaultPrevented) {
      event.preventDefault();
      this.save();
    }
  }

  run(command) {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  back() {
    this.view.focus();
  }

  async act(name) {
    const command = await this.acts[name].call(this);
    if (command) command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  acts = {
    async table() {
      const size = await tableSize();
      return size && insertTable(size.rows, size.columns, size.head);
    },
    async picture() {
      const now = selectedPicture(this.view.state);
      const made = await picture({ ...this.files, now });
      return made && setPicture(made);
    },
    async attachment() {
      const made = await attachment(this.files);
      return made && insertLink(made.href, made.text);
    },
    async article() {
      const made = await article(this.area.dataset.citeUrl || "/api/v1/clauses");
      return made && insertLink(made.href, made.text, made.quote ? `：“${made.quote.replace(/\s*\n\s*/g, "")}”` : "");
    },
    async link() {
      const { state } = this.view;
      const now = linkAt(state);
      const { from, to, empty } = now ? { ...now, empty: false } : state.selection;
      const made = await address({ href: now && now.href, text: empty ? "" : null });
      if (!made) return null;
      return empty ? insertLink(made.href, made.text) : setLink(from, to, made.href);
    },
    async full() {
      this.isFull = !this.isFull;
      this.dom.classList.toggle("ed-full", this.isFull);
      document.documentElement.classList.toggle("ed-still", this.isFull);
      this.bar.update(this.view.state);
    },
    async help() {
      await ask("键盘用法", "", (form) => {
        const list = make("dl", { class: "ed-keys" });
        for (const [key, what] of help) list.append(make("dt", {}, key), make("dd", {}, what));
        form.append(list);
        return null;
      });
    },
  };

  get files() {
    return { filesURL: this.area.dataset.filesUrl, uploadURL: this.area.dataset.uploadUrl };
  }

  async pastePictures(files) {
    for (const file of files) {
      const made = await picture({ ...this.files, file });
      if (!made) break;
      setPicture(made)(this.view.state, this.view.dispatch);
    }
    this.view.focus();
  }
}
