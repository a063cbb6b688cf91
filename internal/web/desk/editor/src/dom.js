// Small helpers for making elements.

// make creates an element. Attributes that are functions become listeners,
// those that are false or null are left out; children may be text.
export function make(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

let last = 0;

// unique makes an id that no other element of the page has.
export const unique = (name) => `ed-${name}-${++last}`;

// later calls a function once, when nothing has called it for ms.
export function later(ms, run) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), ms);
  };
}
