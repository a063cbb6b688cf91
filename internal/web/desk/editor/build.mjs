// Bundles the editor into the two files that the desk embeds, and collects the
// licences of what is in them. The same sources give the same bytes.
import { build } from "esbuild";
import { readFile, readdir, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

const out = process.argv[2] || "../assets";
const note = "/* The desk's editor. Built by scripts/build-editor from internal/web/desk/editor; licences in editor-licenses.txt. */";

await mkdir(out, { recursive: true });
const { metafile } = await build({
  entryPoints: { editor: "src/main.js" },
  outdir: out,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome86", "firefox100", "safari15"],
  legalComments: "none",
  banner: { js: note },
  metafile: true,
  logLevel: "warning",
});
await build({
  entryPoints: { editor: "src/editor.css" },
  outdir: out,
  minify: true,
  charset: "utf8",
  target: ["chrome86", "firefox100", "safari15"],
  legalComments: "none",
  banner: { css: note },
  logLevel: "warning",
});

const parts = new Set();
for (const file of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (found) parts.add(found[1]);
}
let licences = "Parts of other projects in editor.js, and their licences.\n";
for (const part of [...parts].sort()) {
  const home = join("node_modules", part);
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const name = (await readdir(home)).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`${part} has no licence file`);
  const text = (await readFile(join(home, name), "utf8")).replace(/\r\n/g, "\n").trim();
  licences += `\n${"=".repeat(72)}\n${part} ${version} (${license})\n\n${text}\n`;
}
await writeFile(join(out, "editor-licenses.txt"), licences);
