// The dialogs of what is put into the text: tables, pictures, attachments,
// articles and links. Each resolves to what to insert, or to null.
import { make, later } from "./dom.js";
import { ask, field, Refusal } from "./dialog.js";
import { isLocal, linkable, local } from "./address.js";
import { list, upload } from "./files.js";

// tableSize asks for the size of a new table: {rows, columns, head}.
export const tableSize = () =>
  ask("插入表格", "插入", (form) => {
    const number = (label, value, max) => field(form, label, make("input", { type: "number", min: 1, max, value, inputmode: "numeric" }));
    const rows = number("行数", 3, 200);
    const columns = number("列数", 3, 30);
    const head = field(form, "首行作表头", make("input", { type: "checkbox", checked: true }));
    const read = (input, name) => {
      const n = Number(input.value);
      if (!Number.isInteger(n) || n < 1 || n > Number(input.max)) throw new Refusal(`${name}要填 1 到 ${input.max} 的整数。`, input);
      return n;
    };
    return () => ({ rows: read(rows, "行数"), columns: read(columns, "列数"), head: head.checked });
  });

const isPicture = (file) => /^image\//.test(file.media_type || "") || /\.(png|jpe?g|gif|webp|svg)$/i.test(file.name || "");

function fileChoice(form, label, files) {
  if (!files.length) return null;
  const none = make("option", { value: "" }, "请选择");
  return field(form, label, make("select", {}, none, ...files.map((f) => make("option", { value: f.url }, f.name))));
}

function altText(value, decorative, input, fileName) {
  const alt = value.trim();
  if (decorative) return "";
  if (!alt) throw new Refusal("请写明图片的内容，看不见图片的人要靠它。确实不含信息的，请勾选“装饰图片”。", input);
  if (alt === fileName) throw new Refusal("文件名说明不了图片的内容，请用一句话写明。", input);
  return alt;
}

// picture asks for a picture: {src, alt}. now is the one selected, file one
// that was pasted.
export async function picture({ filesURL, uploadURL, now, file }) {
  const files = now || file ? [] : (await list(filesURL).catch(() => [])).filter(isPicture);
  return ask(now ? "修改图片说明" : "插入图片", now ? "修改" : "插入", (form) => {
    const chosen = fileChoice(form, "已有的图片附件", files);
    const own = !now && !file && uploadURL ? field(form, files.length ? "或者上传一张" : "图片文件", make("input", { type: "file", accept: "image/*" })) : null;
    if (file) form.append(make("p", {}, `图片文件：${file.name}`));
    if (!now && !file && !chosen && !own) form.append(make("p", {}, "这份稿件还没有图片附件。请先在“附件”里加入图片，再回来插入。"));
    const alt = field(form, "图片说明（替代文字）", make("input", { type: "text", maxlength: 300, value: now ? now.alt : "" }), "例如：2021年全市空气质量优良天数柱状图，1月至6月共165天");
    const decorative = field(form, "装饰图片（不含任何信息，无须说明）", make("input", { type: "checkbox", checked: !!now && !now.alt }));
    return async () => {
      const picked = file || (own && own.files[0]);
      const src = now ? now.src : chosen && chosen.value;
      if (!src && !picked) throw new Refusal("请选择一张图片。", own || chosen);
      const text = altText(alt.value, decorative.checked, alt, picked && picked.name);
      if (!picked) return { src, alt: text };
      if (!uploadURL) throw new Refusal("这里不能上传图片，请先在“附件”里加入。");
      return { src: (await upload(uploadURL, picked, own)).url, alt: text };
    };
  });
}

// attachment asks for a file of the draft: {href, text}.
export async function attachment({ filesURL, uploadURL }) {
  const files = await list(filesURL).catch(() => []);
  return ask("引用附件", "插入", (form) => {
    const chosen = fileChoice(form, "附件", files);
    const own = uploadURL ? field(form, files.length ? "或者上传一个" : "附件文件", make("input", { type: "file" })) : null;
    if (!chosen && !own) form.append(make("p", {}, "这份稿件还没有附件。请先在“附件”里加入，再回来引用。"));
    return async () => {
      const picked = own && own.files[0];
      const found = picked ? await upload(uploadURL, picked, own) : files.find((f) => chosen && f.url === chosen.value);
      if (!found) throw new Refusal("请选择一个附件。", chosen || own);
      return { href: found.url, text: found.name };
    };
  });
}

// address asks for a link: {href, text}, or {href: ""} to take it away.
export const address = ({ href, text }) =>
  ask(href ? "修改链接" : "插入链接", href ? "修改" : "插入", (form, done) => {
    const to = field(form, "网址", make("input", { type: "text", inputmode: "url", value: href || "", placeholder: "https://" }), "以 https:// 开头，或以 / 开头的本站地址");
    const words = text === null ? null : field(form, "显示的文字", make("input", { type: "text", value: text }));
    if (href) form.append(make("p", {}, make("button", { type: "button", class: "btn quiet", click: () => done({ href: "" }) }, "去掉链接")));
    return () => {
      let at = to.value.trim();
      if (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(at)) at = "https://" + at;
      if (!at || !linkable(at) || !/^(https?:\/\/.|mailto:.|\/(?!\/))/i.test(at)) {
        throw new Refusal("网址要以 https://、http://、mailto: 或 / 开头。", to);
      }
      return { href: local(at), text: words ? words.value.trim() || at : null };
    };
  });

const quoted = (title) => (/^《.*》$/.test(title) ? title : `《${title}》`);

// standing marks what should not be cited without a second look.
const standing = (validity) => (validity && validity !== "有效" ? make("em", { class: "late" }, `（${validity}）`) : null);

// article asks for an article of a document: {href, text, quote}; quote is its
// text where that is wanted too. The address answers ?q= with
// {items: [{title, clause, text, url}]}.
export const article = (searchURL) =>
  ask("引用条文", "", (form, done) => {
    const box = field(form, "法规名称和条号，或者条文里的话", make("input", { type: "search", autocomplete: "off", maxlength: 200 }), "例如：政府信息公开条例第二十条");
    const whole = field(form, "同时插入条文原文", make("input", { type: "checkbox" }));
    const said = make("p", { role: "status" });
    const found = make("ul", { class: "ed-found" });
    form.append(said, found);
    const pick = (item) => done({ href: local(item.url), text: quoted(item.title) + item.clause, quote: whole.checked ? item.text : "" });
    let asked = "";
    const search = async () => {
      const q = box.value.trim();
      if (!q || q === asked) return;
      asked = q;
      const items = await articles(searchURL, q);
      if (q !== asked) return;
      found.replaceChildren(...(items || []).map((item) => make("li", {},
        make("button", { type: "button", click: () => pick(item) }, make("b", {}, quoted(item.title) + item.clause), standing(item.validity), make("span", {}, item.text.slice(0, 120))))));
      said.textContent = !items ? "没有查成，请检查网络后再试。" : items.length ? `找到 ${items.length} 条，选一条插入。` : "没有找到，请换一种说法。";
    };
    box.addEventListener("input", later(250, search));
    form.addEventListener("submit", search);
    return null;
  });

async function articles(searchURL, q) {
  try {
    const response = await fetch(searchURL + (searchURL.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(q), { credentials: "same-origin" });
    if (!response.ok) return null;
    const { items } = await response.json();
    return (items || []).filter((i) => i.clause && i.title && isLocal(local(i.url || ""))).slice(0, 20);
  } catch {
    return null;
  }
}
