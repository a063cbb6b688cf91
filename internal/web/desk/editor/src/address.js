// Which addresses a text may hold: those that internal/document lets through.

// linkable is the address as it may stand in a link, or "".
export function linkable(href) {
  const address = (href || "").trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address);
  if (scheme) return /^(https?|mailto)$/i.test(scheme[1]) ? address : "";
  return address;
}

// local makes an address of this site relative to it; others stay as they are.
export function local(href) {
  const own = location.origin + "/";
  return href.startsWith(own) ? href.slice(own.length - 1) : href;
}

// isLocal tells whether an address is one of this site, as local makes them.
export const isLocal = (address) => /^\/(?!\/)/.test(address);

// pastedLink is the address of a link that comes from elsewhere, or "" where
// it leads nowhere from here: a file of somebody's disk, a place in a page
// that is not pasted.
export function pastedLink(href) {
  const address = linkable(href);
  return /^(https?:|mailto:|\/(?!\/))/i.test(address) ? local(address) : "";
}

// pastedImage is the address of a picture that this site holds, or "": the
// public page shows no others.
export function pastedImage(src) {
  const address = local((src || "").trim());
  return isLocal(address) ? address : "";
}
