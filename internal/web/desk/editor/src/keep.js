// The copies of unsaved texts in this browser, for each draft and person.

const lifetime = 30 * 24 * 3600 * 1000; // milliseconds
const most = 3; // older ones that nobody has answered for

// A browser without storage keeps none.
function quietly(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

// Copies of one draft. One is written again and again; those that earlier
// visits left are set aside until the person has said what to do with them.
export class Copies {
  constructor(draft, owner) {
    this.key = `gongkai:draft:${owner || ""}:${draft}`;
    this.asideKey = this.key + ":aside";
    const left = [this.read(this.key), ...[].concat(this.read(this.asideKey) || [])];
    this.aside = left.filter((c) => c && typeof c.body === "string" && Date.now() - c.at < lifetime).slice(0, most);
    this.writeAside();
    this.clear();
  }

  read(key) {
    return quietly(() => JSON.parse(localStorage.getItem(key)));
  }

  put(content) {
    quietly(() => localStorage.setItem(this.key, JSON.stringify({ ...content, at: Date.now() })));
  }

  clear() {
    quietly(() => localStorage.removeItem(this.key));
  }

  // forget drops a copy that was set aside.
  forget(copy) {
    this.aside = this.aside.filter((c) => c !== copy);
    this.writeAside();
  }

  writeAside() {
    quietly(() => (this.aside.length ? localStorage.setItem(this.asideKey, JSON.stringify(this.aside)) : localStorage.removeItem(this.asideKey)));
  }
}
