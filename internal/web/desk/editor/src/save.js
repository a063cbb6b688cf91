// Keeps the draft saved. One request at a time; what changes meanwhile is
// saved by the next. Whatever the server says, the text stays in the editor
// and in the browser's copy until an answer says that it is saved.
import { later } from "./dom.js";

const firstRetry = 2000; // milliseconds, doubled up to
const lastRetry = 60000;
const keepaliveBytes = 60000; // browsers refuse more than 64 KiB

// Saver saves what content() gives: {body, title, fields}. tell(state, detail)
// hears of every change of state: unsaved, saving, saved, offline, refused,
// conflict, signedout.
export class Saver {
  constructor({ url, revision, delay, copies, content, tell, onRevision }) {
    Object.assign(this, { url, revision, delay, copies, content, tell, onRevision });
    this.dirty = false; // changes that no request holds
    this.busy = false;
    this.halted = null; // the newer version of somebody else
    this.stuck = false; // the server refuses what the text now says
    this.retry = firstRetry;
    this.copyLater = later(300, () => this.keepCopy());
  }

  // changed is called after every change.
  changed() {
    this.copyLater();
    this.stuck = false;
    if (!this.dirty) {
      this.dirty = true;
      if (!this.halted) this.tell("unsaved");
    }
    this.plan(this.delay);
  }

  // pending tells whether something is not saved.
  get pending() {
    return this.dirty || this.busy || !!this.halted;
  }

  plan(ms) {
    if (this.timer || this.halted) return;
    this.timer = setTimeout(() => this.save(), ms);
  }

  keepCopy() {
    if (this.pending) this.copies.put({ ...this.content(), revision: this.revision });
  }

  // leave saves in a way that survives the end of the page.
  leave() {
    this.keepCopy();
    if (this.dirty && !this.halted) this.save({ leaving: true });
  }

  // save saves now, if there is anything to.
  async save({ leaving = false } = {}) {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.busy || this.halted || !this.url || !this.dirty) return;
    this.busy = true;
    this.dirty = false;
    const body = JSON.stringify({ revision: this.revision, ...this.content() });
    const slow = setTimeout(() => this.tell("saving"), 600);
    let response = null;
    try {
      response = await fetch(this.url, {
        method: "PUT",
        body,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        keepalive: leaving && new Blob([body]).size < keepaliveBytes,
      });
      await this.answered(response.status, await response.json().catch(() => ({})));
    } catch {
      this.failed("offline", {});
    } finally {
      clearTimeout(slow);
      this.busy = false;
    }
    if (this.dirty && !this.stuck) this.plan(this.wait || this.delay);
  }

  answered(status, answer) {
    this.wait = 0;
    if (status === 200) return this.saved(answer);
    if (status === 409) return this.conflict(answer);
    if (status === 401 || status === 419) return this.failed("signedout", answer);
    if (status === 408 || status === 429 || status >= 500) return this.failed("offline", { status });
    this.stuck = true;
    this.failed("refused", answer);
  }

  saved({ revision, saved_at }) {
    if (revision !== undefined) this.setRevision(revision);
    this.retry = firstRetry;
    if (this.dirty) return; // the next request will say it
    this.copies.clear();
    this.tell("saved", { at: saved_at ? new Date(saved_at) : new Date() });
  }

  setRevision(revision) {
    this.revision = revision;
    this.onRevision(revision);
  }

  conflict(answer) {
    this.dirty = true;
    this.halted = answer;
    this.keepCopy();
    this.tell("conflict", answer);
  }

  failed(state, answer) {
    this.dirty = true;
    if (!this.stuck) {
      this.wait = this.retry;
      this.retry = Math.min(this.retry * 2, lastRetry);
    }
    this.keepCopy();
    this.tell(state, answer);
  }

  // again saves at once after a pause: the network is back, or the person is.
  again() {
    clearTimeout(this.timer);
    this.timer = null;
    return this.save();
  }

  // keepMine saves over the newer version, which the history keeps.
  keepMine() {
    if (!this.halted) return;
    this.setRevision(this.halted.revision);
    this.halted = null;
    this.dirty = true;
    return this.again();
  }
}
