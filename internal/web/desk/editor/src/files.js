// The files of the draft: what the page says of them, and putting in new ones.
import { Refusal } from "./dialog.js";
import { isLocal, local } from "./address.js";

const usable = (file) => file && typeof file.url === "string" && isLocal(local(file.url));

async function answerOf(response, place) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.detail || answer.message || `服务器没有收下（${response.status}），请稍后再试。`, place);
  return answer;
}

async function send(address, options, place) {
  try {
    return await answerOf(await fetch(address, { credentials: "same-origin", ...options }), place);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("连不上服务器，请检查网络后再试。文字没有丢。", place);
  }
}

// list gives the files of the draft: [{name, url, media_type}].
export async function list(address) {
  if (!address) return [];
  const answer = await send(address, { headers: { Accept: "application/json" } });
  return (answer.files || []).filter(usable).map((file) => ({ ...file, url: local(file.url) }));
}

// upload puts a file in and gives it as list would.
export async function upload(address, file, place) {
  const body = new FormData();
  body.append("file", file);
  const answer = await send(address, { method: "POST", body, headers: { Accept: "application/json" } }, place);
  if (!usable(answer)) throw new Refusal("服务器没有给出文件的地址，请从附件里插入。", place);
  return { ...answer, url: local(answer.url) };
}
