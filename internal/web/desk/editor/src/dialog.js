// Dialogs: a form in a <dialog>, which keeps the focus and gives it back.
import { make, unique } from "./dom.js";

// ask opens a dialog and resolves to what its form holds, or to null where the
// person went back. build(form) adds the fields and returns check(), which
// gives the answer, or throws a Refusal naming the field to go to.
export function ask(title, submit, build) {
  return new Promise((resolve) => {
    const heading = unique("title");
    const error = make("p", { class: "ed-error", role: "alert" });
    const form = make("form", { method: "dialog", novalidate: true });
    const dialog = make("dialog", { class: "ed-dialog", "aria-labelledby": heading }, make("h2", { id: heading }, title), form);
    let answer = null;
    const done = (value) => {
      answer = value;
      dialog.close();
    };
    const check = build(form, done);
    const cancel = make("button", { type: "button", class: "btn quiet", click: () => done(null) }, "取消");
    form.append(error, make("p", { class: "ed-actions" }, submit ? make("button", { class: "btn" }, submit) : null, cancel));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!check) return;
      error.textContent = "";
      for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
      try {
        done(await check());
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        error.textContent = refusal.message;
        if (refusal.field) {
          refusal.field.setAttribute("aria-invalid", "true");
          refusal.field.focus();
        }
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    const first = form.querySelector("input:not([type=checkbox]),select");
    if (first) first.focus();
  });
}

// Refusal says why a form cannot be taken as it is, and in which field.
export class Refusal extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

// field adds a labelled control to a form.
export function field(form, label, control, hint) {
  const id = unique("field");
  control.id = id;
  const help = hint ? make("small", { id: id + "-hint" }, hint) : null;
  if (help) control.setAttribute("aria-describedby", help.id);
  const check = control.type === "checkbox";
  const text = make("label", { for: id }, label);
  form.append(make("p", { class: check ? "ed-check" : "ed-field" }, ...(check ? [control, text] : [text, control]), help));
  return control;
}
