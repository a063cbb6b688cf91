// The named fields of the form that the text belongs to.

const own = new Set(["submit", "button", "image", "reset", "file", "password"]);

// fieldsOf gives the values of all named fields but those left out: a text, or
// a list where several have one name. A box that is not ticked has no value.
export function fieldsOf(form, without) {
  const out = {};
  for (const control of form.elements) {
    if (!control.name || control.disabled || own.has(control.type) || without.includes(control.name)) continue;
    if ((control.type === "checkbox" || control.type === "radio") && !control.checked) continue;
    const values = control.type === "select-multiple" ? [...control.selectedOptions].map((o) => o.value) : [control.value];
    for (const value of values) {
      if (out[control.name] === undefined) out[control.name] = value;
      else out[control.name] = [].concat(out[control.name], value);
    }
  }
  return out;
}

// typed is the part of what fieldsOf gave that a person can have written: no
// hidden fields, which the server fills anew each time.
export function typed(form, values) {
  const hidden = new Set([...form.elements].filter((control) => control.type === "hidden").map((control) => control.name));
  return Object.fromEntries(Object.entries(values || {}).filter(([name]) => !hidden.has(name)));
}

// setFields puts values back that typed gave.
export function setFields(form, values) {
  const seen = {};
  for (const control of form.elements) {
    if (!(control.name in values) || own.has(control.type)) continue;
    const list = [].concat(values[control.name]);
    if (control.type === "checkbox" || control.type === "radio") control.checked = list.includes(control.value);
    else if (control.type === "select-multiple") for (const option of control.options) option.selected = list.includes(option.value);
    else control.value = list[(seen[control.name] = (seen[control.name] ?? -1) + 1)] ?? control.value;
  }
}
