// Completions under a search box. Without this file the box works as a form.
(function () {
  "use strict";
  document.querySelectorAll("input[data-suggest]").forEach(function (box, index) {
    var list = document.createElement("ul");
    list.className = "suggest";
    list.id = "suggest-" + index;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "搜索建议");
    list.hidden = true;
    box.parentNode.appendChild(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-autocomplete", "list");

    var timer, asked = "", chosen = -1;

    function close() {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function choose(n) {
      var items = list.children;
      if (!items.length) return;
      chosen = (n + items.length) % items.length;
      for (var i = 0; i < items.length; i++) items[i].setAttribute("aria-selected", String(i === chosen));
      box.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    }

    function show(items) {
      list.textContent = "";
      items.forEach(function (item, i) {
        var li = document.createElement("li");
        li.id = list.id + "-" + i;
        li.setAttribute("role", "option");
        li.setAttribute("aria-selected", "false");
        var kinds = { unit: "单位", number: "文号", task: "任务", title: "文件" };
        var label = document.createElement("small");
        label.textContent = kinds[item.kind] || "";
        li.append(item.text, label);
        li.dataset.url = item.url;
        li.addEventListener("mousedown", function (e) {
          e.preventDefault();
          location.assign(item.url);
        });
        list.appendChild(li);
      });
      chosen = -1;
      list.hidden = items.length === 0;
      box.setAttribute("aria-expanded", String(items.length > 0));
    }

    function ask() {
      var q = box.value.trim();
      if (q === asked) return;
      asked = q;
      if (!q) return close();
      fetch(box.dataset.suggest + "?q=" + encodeURIComponent(q)).then(function (r) {
        return r.ok ? r.json() : { items: [] };
      }).then(function (answer) {
        if (q === asked) show((answer.items || []).filter(function (s) { return s.url && s.url[0] === "/"; }));
      }, close);
    }

    box.addEventListener("input", function (e) {
      if (e.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    box.addEventListener("compositionend", ask);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", function (e) {
      if (list.hidden || e.isComposing) return;
      if (e.key === "ArrowDown") { e.preventDefault(); choose(chosen + 1); }
      else if (e.key === "ArrowUp") { e.preventDefault(); choose(chosen < 0 ? -1 : chosen - 1); }
      else if (e.key === "Escape") { e.preventDefault(); close(); }
    });
    // Enter sends the form, however the key was made: a chosen suggestion goes first.
    box.form.addEventListener("submit", function (e) {
      if (list.hidden || chosen < 0) return;
      e.preventDefault();
      location.assign(list.children[chosen].dataset.url);
    });
  });

  // "/" goes to the search box, where nothing else is being typed in.
  document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    var box = document.querySelector("input[type=search]");
    if (box) { e.preventDefault(); box.focus(); box.select(); }
  });
})();
