// Keys and small helps of the desk. Without this file everything works by mouse
// and Tab key.
//
//   data-row                  a row of a list, for j k Enter e x; holds links and a box
//   button[data-keys]         turns the keys off and on, in this browser
//   data-edit                 the link that e follows: of the row, else of the page
//   input[data-all]           ticks all boxes of its table or list
//   data-chosen               says how many are ticked, within the same form
//   button[data-batch]        can be pressed only when one is
//   data-confirm              on a button: the question before it acts;
//   data-confirm-yes          what the answer that acts is called
//   form[data-quote-from=CSS] text selected there goes into its [data-quote],
//                             [data-quote-occurrence] (from 1) and [data-quote-anchor]
(function () {
  "use strict";
  var all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };

  function make(tag, attrs, children) {
    var node = document.createElement(tag);
    Object.keys(attrs || {}).forEach(function (name) { node.setAttribute(name, attrs[name]); });
    node.append.apply(node, children || []);
    return node;
  }

  // dialog shows a modal dialog and calls done(true) where it was agreed to.
  function dialog(title, content, yes, done) {
    var close = make("button", { value: "", class: "btn quiet" }, [yes ? "取消" : "关闭"]);
    var buttons = make("p", {}, yes ? [make("button", { value: "yes", class: "btn" }, [yes]), " ", close] : [close]);
    var box = make("dialog", { class: "ask", "aria-labelledby": "ask-title" }, [
      make("form", { method: "dialog" }, [make("h2", { id: "ask-title" }, [title])].concat(content, buttons)),
    ]);
    document.body.append(box);
    box.addEventListener("close", function () {
      var answer = box.returnValue === "yes";
      box.remove();
      if (done) done(answer);
    });
    box.showModal();
    close.focus();
  }

  // Rows.
  var rows = function () { return all("[data-row]").filter(function (row) { return row.offsetParent; }); };
  var at = function () { return document.activeElement.closest("[data-row]"); };

  function move(step) {
    var list = rows();
    if (!list.length) return;
    var now = list.indexOf(at());
    var next = list[now < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(now + step, 0), list.length - 1)];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function follow(selector, within) {
    var link = within && within.querySelector(selector);
    if (link) link.click();
    return !!link;
  }

  var keys = {
    "/": function () {
      var box = document.querySelector("input[type=search]");
      if (box) { box.focus(); box.select(); }
      return !!box;
    },
    j: function () { move(1); return true; },
    k: function () { move(-1); return true; },
    e: function () { return follow("[data-edit]", at()) || follow("[data-edit]", document); },
    x: function () { return follow("input[type=checkbox]", at()); },
    "?": function () {
      var list = make("dl", { class: "keys" });
      [["/", "到查找框"], ["j　k", "下一行，上一行"], ["回车", "打开这一行"], ["e", "编辑"], ["x", "选中这一行"], ["Alt+F10", "编辑器里：到工具栏"], ["?", "这张表"]].forEach(function (k) {
        list.append(make("dt", {}, [k[0]]), make("dd", {}, [k[1]]));
      });
      dialog("键盘用法", [list, make("p", {}, [make("button", { type: "button", class: "btn quiet", "data-keys": "" })])]);
      label();
      return true;
    },
  };

  // Who speaks to the machine or hits keys by chance can turn the keys off.
  var off = function () { try { return localStorage.getItem("gongkai:keys") === "off"; } catch (e) { return false; } };

  function label() {
    all("button[data-keys]").forEach(function (button) { button.textContent = off() ? "打开单键快捷键" : "关闭单键快捷键"; });
  }
  label();
  document.addEventListener("click", function (e) {
    if (!e.target.closest("button[data-keys]")) return;
    e.preventDefault();
    try { localStorage.setItem("gongkai:keys", off() ? "on" : "off"); } catch (e) { /* no storage, no choice */ }
    label();
  });

  var writing = function (node) { return node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(checkbox|radio|button|submit)$/.test(node.type); };

  document.addEventListener("keydown", function (e) {
    if (e.defaultPrevented || off() || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || writing(e.target) || document.querySelector("dialog[open]")) return;
    if (e.key === "Enter" && e.target.hasAttribute("data-row")) {
      if (follow("a[href]", e.target)) e.preventDefault();
      return;
    }
    if (Object.prototype.hasOwnProperty.call(keys, e.key) && keys[e.key]()) e.preventDefault();
  });

  // Boxes of a table, and what acts on those ticked.
  var scope = function (box) { return box.closest("table, [data-rows]") || box.form || document; };
  var boxes = function (within) { return all("input[type=checkbox][name]:not(:disabled)", within); };

  function count(master) {
    var list = boxes(scope(master)), n = list.filter(function (box) { return box.checked; }).length;
    master.checked = n > 0 && n === list.length;
    master.indeterminate = n > 0 && n < list.length;
    var form = master.form || master.closest("form");
    if (!form) return;
    all("[data-chosen]", form).forEach(function (node) { node.textContent = n ? "已选 " + n + " 项" : ""; });
    all("button[data-batch]", form).forEach(function (button) { button.disabled = !n; });
  }

  all("input[data-all]").forEach(function (master) {
    master.addEventListener("change", function () {
      boxes(scope(master)).forEach(function (box) { box.checked = master.checked; });
      count(master);
    });
    scope(master).addEventListener("change", function (e) { if (e.target !== master) count(master); });
    addEventListener("pageshow", function () { count(master); });
    count(master);
  });

  // Questions before acts that matter.
  document.addEventListener("click", function (e) {
    var button = e.target.closest("button[data-confirm], input[data-confirm]");
    if (!button || !button.form || button.dataset.agreed) return;
    e.preventDefault();
    if (!button.form.reportValidity()) return;
    dialog(button.dataset.confirm, [], button.dataset.confirmYes || "确定", function (yes) {
      if (!yes) return button.focus();
      button.dataset.agreed = "1";
      button.click();
      delete button.dataset.agreed;
    });
  });

  // Remarks on passages.
  function occurrence(root, range, quote) {
    var before = document.createRange();
    before.setStart(root, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return before.toString().split(quote).length;
  }

  function anchor(root, node) {
    for (; node && node !== root; node = node.parentNode) if (node.id) return node.id;
    return "";
  }

  all("form[data-quote-from]").forEach(function (form) {
    var set = function (name, value) { all("[data-quote" + name + "]", form).forEach(function (field) { field.value = value; }); };
    document.addEventListener("selectionchange", function () {
      var root = document.querySelector(form.dataset.quoteFrom), s = getSelection();
      if (!root || !s.rangeCount || s.isCollapsed) return;
      var range = s.getRangeAt(0), quote = range.toString().trim();
      if (!quote || quote.length > 500 || !root.contains(range.commonAncestorContainer)) return;
      set("", quote);
      set("-occurrence", occurrence(root, range, quote));
      set("-anchor", anchor(root, range.startContainer));
    });
  });
})();
