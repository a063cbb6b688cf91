// Puts an editor in the place of every textarea[data-editor]. Without this
// file the textarea itself is written in.
//
//   data-save-url   PUT {revision, body, title, fields}: 200 {revision, saved_at},
//                   409 {by, at, revision, url}, 401 or 419 signed out
//   data-revision   the revision that the text is of
//   data-owner      who writes, so that a shared browser offers only their copy
//   data-sign-in    the address to sign in at
//   data-files-url  GET {files: [{name, url, media_type}]}
//   data-upload-url POST multipart "file": {name, url, media_type}
//   data-cite-url   GET ?q=: {items: [{title, clause, text, url, validity}]}
import { Shell } from "./shell.js";
import { Saver } from "./save.js";
import { Copies } from "./keep.js";
import { fieldsOf, setFields, typed } from "./form.js";

// saverFor makes what saves the text and the form around it.
function saverFor(area, shell, form) {
  const { saveUrl, revision, owner, saveDelay, signIn } = area.dataset;
  const own = [area.name, "title", "revision"];
  const title = () => form.elements.namedItem("title");
  const saver = new Saver({
    url: saveUrl,
    revision: Number(revision) || 0,
    delay: Number(saveDelay) || 3000,
    copies: new Copies(saveUrl, owner),
    content: () => ({ body: shell().html, title: title() ? title().value : "", fields: fieldsOf(form, own) }),
    onRevision(n) {
      area.dataset.revision = n;
      const input = form.elements.namedItem("revision");
      if (input) input.value = n;
    },
    tell(state, detail = {}) {
      const { notices } = shell();
      notices.tell(state, detail);
      if (state === "conflict") notices.conflict(detail, () => saver.keepMine());
      if (state === "signedout") notices.signedOut(signIn || "/desk/signin", () => saver.again());
      if (state === "saved") notices.hide("signedout");
    },
  });
  return saver;
}

// offerCopies offers the copies that say something else than what the server
// has, newest first.
function offerCopies(shell, saver, form) {
  const now = saver.content();
  const words = (c) => JSON.stringify([c.body, c.title, typed(form, c.fields)]);
  const same = (c) => words(c) === words(now);
  saver.copies.aside.filter(same).forEach((c) => saver.copies.forget(c));
  const [found] = saver.copies.aside;
  if (!found) return;
  const done = () => {
    saver.copies.forget(found);
    offerCopies(shell, saver, form);
  };
  shell.notices.offer(found.at, () => {
    const title = form.elements.namedItem("title");
    if (title && found.title) title.value = found.title;
    setFields(form, typed(form, found.fields));
    shell.html = found.body;
    done();
  }, done);
}

function listen(area, shell, saver, form) {
  form.addEventListener("input", (event) => {
    if (event.target.name && event.target !== area) saver.changed();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name && event.target !== area) saver.changed();
  });
  form.addEventListener("submit", () => {
    area.value = shell.html;
    saver.submitting = true;
    saver.keepCopy();
  });
  form.addEventListener("focusout", () => saver.save());
  addEventListener("blur", () => saver.save());
  addEventListener("online", () => saver.again());
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? saver.leave() : saver.again()));
  addEventListener("pagehide", () => saver.leave());
  addEventListener("beforeunload", (event) => {
    if (saver.pending && !saver.submitting) event.preventDefault();
  });
  addEventListener("pageshow", () => (saver.submitting = false));
}

function mount(area) {
  const form = area.form;
  if (!form || area.gongkai) return;
  let shell = null;
  const saver = area.dataset.saveUrl ? saverFor(area, () => shell, form) : null;
  shell = new Shell(area, {
    changed: () => saver && saver.changed(),
    save: () => saver && saver.save(),
  });
  // A hidden field cannot be pointed at; the server says what is missing.
  area.required = false;
  area.gongkai = shell;
  if (!saver) return form.addEventListener("submit", () => (area.value = shell.html));
  listen(area, shell, saver, form);
  offerCopies(shell, saver, form);
}

document.querySelectorAll("textarea[data-editor]").forEach(mount);
