// What the editor says of itself, at the lower edge of the window wherever the
// text stands: a line of state, and above it notices that stay until somebody
// acts.
import { make } from "./dom.js";

const clock = (at) => `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;

const day = (at) => `${at.getMonth() + 1}月${at.getDate()}日 ${clock(at)}`;

const moment = (value) => {
  const at = new Date(value);
  return isNaN(at) ? "" : day(at);
};

const sentences = {
  unsaved: () => "未保存",
  saving: () => "正在保存",
  saved: ({ at }) => `已保存 ${clock(at)}`,
  offline: ({ status }) => `未保存：${status ? "服务器暂时不能保存" : "连不上服务器"}，会自动再试。文字留在这台电脑上。`,
  refused: ({ detail, message }) => `未保存：${detail || message || "服务器没有收下这次改动。"}`,
  signedout: () => "未保存：登录已失效。请在新窗口登录后回到这里，文字没有丢。",
  conflict: () => "未保存：别人已保存了更新的版本。",
};

// Notices shows states and notices. It gives the elements to place.
export class Notices {
  constructor() {
    this.state = make("span", { class: "ed-state", role: "status" });
    this.count = make("span", { class: "ed-count" });
    this.list = make("div", { class: "ed-notices" });
    this.dom = make("div", { class: "ed-base" }, this.list, make("div", { class: "ed-foot" }, this.state, this.count));
    this.shown = {};
  }

  // tell shows a state. The same sentence is not set again, so that it is not
  // read out again.
  tell(state, detail = {}) {
    const sentence = sentences[state](detail);
    if (this.state.textContent !== sentence) this.state.textContent = sentence;
    this.state.dataset.state = state;
  }

  // characters shows the length of the text.
  characters(n) {
    this.count.textContent = `${n.toLocaleString("zh-CN")}字`;
  }

  // show puts up a notice in place of one of the same name.
  show(name, sentence, ...actions) {
    this.hide(name);
    const node = make("div", { class: "ed-notice note warn", role: "alert", "data-notice": name }, make("p", {}, sentence));
    if (actions.length) node.append(make("p", { class: "ed-actions" }, ...actions));
    this.shown[name] = node;
    this.list.append(node);
  }

  hide(name) {
    if (this.shown[name]) this.shown[name].remove();
    delete this.shown[name];
  }

  // conflict offers both ways out of one.
  conflict({ by, at, url }, keepMine) {
    const who = [by, moment(at)].filter(Boolean).join("，");
    const compare = typeof url === "string" && /^\/(?!\/)/.test(url) ? make("a", { class: "btn quiet", href: url, target: "_blank", rel: "noopener" }, "对比两个版本") : null;
    const mine = make("button", { type: "button", class: "btn quiet", click: () => { this.hide("conflict"); keepMine(); } }, "保留我的");
    this.show("conflict", `别人已保存了更新的版本${who ? `（${who}）` : ""}。您的文字还在这里，没有丢；选“保留我的”后，对方的版本仍可在历史中找到。`, ...[compare, mine].filter(Boolean));
  }

  // signedOut says where to sign in.
  signedOut(address, again) {
    this.show("signedout", "登录已失效，改动没有保存。请在新窗口登录，再回到这里继续；文字没有丢。",
      make("a", { class: "btn quiet", href: address, target: "_blank", rel: "noopener" }, "在新窗口登录"),
      make("button", { type: "button", class: "btn quiet", click: again }, "已登录，再保存"));
  }

  // offer asks what to do with a copy that was not saved.
  offer(at, restore, forget) {
    const act = (run) => () => { this.hide("copy"); run(); };
    this.show("copy", `这台电脑上有一份没有保存成功的文字（${day(new Date(at))}）。`,
      make("button", { type: "button", class: "btn quiet", click: act(restore) }, "恢复这份文字"),
      make("button", { type: "button", class: "btn quiet", click: act(forget) }, "不要了"));
  }

  // lostPictures says what pasting could not take along.
  lostPictures(n) {
    this.show("pictures", `有${n}张图片没有粘贴进来。请先把图片存成文件，再用“图片”逐张插入。`,
      make("button", { type: "button", class: "btn quiet", click: () => this.hide("pictures") }, "知道了"));
  }
}
