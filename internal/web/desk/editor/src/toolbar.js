// The toolbar: one stop of the Tab key, arrows within (WAI-ARIA toolbar and
// menu button patterns). What cannot be used now is marked, not taken away, so
// that nothing moves under the pointer.
import { make, unique } from "./dom.js";
import { groups } from "./tools.js";

const hint = (tool) => (tool.key ? `${tool.label}（${tool.key}）` : null);

export class Toolbar {
  // shell is given what tools do: run(command), act(name), back().
  constructor(shell) {
    this.shell = shell;
    this.items = []; // {tool, button, menu}
    this.dom = make("div", { class: "ed-bar", role: "toolbar", "aria-label": "编辑工具" });
    for (const [name, tools] of groups) {
      this.dom.append(make("div", { class: "ed-group", role: "group", "aria-label": name }, ...tools.map((tool) => this.button(tool))));
    }
    this.top = this.items.filter((item) => !item.inMenu);
    this.stop(this.top[0]);
    this.dom.addEventListener("keydown", (event) => this.key(event));
    this.dom.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault(); // the text keeps its selection
    });
    this.outside = (event) => {
      if (this.open && !this.open.menu.contains(event.target) && !this.open.button.contains(event.target)) this.close();
    };
    document.addEventListener("mousedown", this.outside);
    window.addEventListener("scroll", () => this.open && this.place(), { passive: true, capture: true });
    window.addEventListener("resize", () => this.close());
  }

  button(tool) {
    if (tool.items) return this.menu(tool);
    const button = make("button", {
      type: "button", tabindex: -1, title: hint(tool), "aria-pressed": tool.on ? "false" : null,
      "aria-keyshortcuts": tool.key && tool.key.replace("Ctrl", "Control"),
      click: () => this.use(item),
    }, tool.label);
    const item = { tool, button };
    this.items.push(item);
    return button;
  }

  menu(tool) {
    const id = unique("menu");
    const item = { tool, menuItems: [] };
    item.button = make("button", {
      type: "button", tabindex: -1, class: "ed-more", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
      click: () => (this.open === item ? this.close() : this.show(item)),
    }, tool.label);
    item.menu = make("div", { id, class: "ed-menu", role: "menu", "aria-label": tool.label, hidden: true });
    this.items.push(item);
    for (const inner of tool.items) {
      const button = make("button", {
        type: "button", tabindex: -1, role: inner.on ? "menuitemcheckbox" : "menuitem", "aria-checked": inner.on ? "false" : null,
        click: () => this.use(child),
      }, inner.label);
      const child = { tool: inner, button, inMenu: item };
      item.menuItems.push(child);
      this.items.push(child);
      item.menu.append(button);
    }
    return make("div", { class: "ed-drop" }, item.button, item.menu);
  }

  use({ tool, button }) {
    if (button.getAttribute("aria-disabled") === "true") return;
    this.close();
    if (tool.act) this.shell.act(tool.act);
    else this.shell.run(tool.run);
  }

  // update shows which tools are pressed and which can be used.
  update(state) {
    for (const { tool, button, inMenu, menu } of this.items) {
      if (menu) continue;
      const on = !!tool.on && !!tool.on(state, this.shell);
      if (tool.on) button.setAttribute(inMenu ? "aria-checked" : "aria-pressed", String(on));
      const can = on || (tool.can ? tool.can(state) : tool.run ? tool.run(state) : true);
      if (can) button.removeAttribute("aria-disabled");
      else button.setAttribute("aria-disabled", "true");
    }
  }

  // stop makes a tool the one that the Tab key reaches.
  stop(item) {
    for (const other of this.top) other.button.tabIndex = other === item ? 0 : -1;
    this.at = item;
  }

  // focus goes to the tool last used.
  focus() {
    this.at.button.focus();
  }

  go(list, item) {
    if (item.inMenu) for (const other of list) other.button.tabIndex = other === item ? 0 : -1;
    else this.stop(item);
    item.button.focus();
    item.button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  key(event) {
    const menu = this.open;
    const list = menu ? menu.menuItems : this.top;
    const now = list.findIndex((item) => item.button === document.activeElement);
    const step = (n) => this.go(list, list[(now + n + list.length) % list.length]);
    const moves = {
      [menu ? "ArrowDown" : "ArrowRight"]: () => step(1),
      [menu ? "ArrowUp" : "ArrowLeft"]: () => step(-1),
      Home: () => this.go(list, list[0]),
      End: () => this.go(list, list[list.length - 1]),
      Escape: () => (menu ? this.close(true) : this.shell.back()),
    };
    if (menu) moves.Tab = () => this.close(true);
    else if (now >= 0 && list[now].menu) moves.ArrowDown = () => this.show(list[now]);
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  show(item) {
    this.close();
    this.open = item;
    this.stop(item);
    item.menu.hidden = false;
    item.button.setAttribute("aria-expanded", "true");
    this.place();
    this.go(item.menuItems, item.menuItems[0]);
  }

  // place puts the open menu under its button, within the window.
  place() {
    const { button, menu } = this.open;
    const at = button.getBoundingClientRect();
    menu.style.left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - menu.offsetWidth - 8)) + "px";
    menu.style.top = at.bottom + 2 + "px";
    menu.style.maxHeight = Math.max(120, innerHeight - at.bottom - 10) + "px";
  }

  close(back = false) {
    const item = this.open;
    if (!item) return;
    this.open = null;
    item.menu.hidden = true;
    for (const inner of item.menuItems) inner.button.tabIndex = -1;
    item.button.setAttribute("aria-expanded", "false");
    if (back) item.button.focus();
  }
}
