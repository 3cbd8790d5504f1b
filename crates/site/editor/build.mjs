// Bundles editor.mjs into ../assets/editor.js, and writes the licences of what went into it.
//   npm ci && npm run build      rebuild
//   npm ci && npm run check      fail if the committed files are not what these sources give

import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = import.meta.dirname;
const assets = join(folder, "..", "assets");

const { outputFiles, metafile } = await build({
  absWorkingDir: folder,
  entryPoints: ["editor.mjs"],
  bundle: true,
  format: "esm",
  minify: true,
  target: ["chrome107", "firefox104", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/*! CodeMirror 6 and Lezer, MIT licence: see editor-licences.txt beside this file. */" },
  metafile: true,
  write: false,
});

/** The packages that something in the bundle came from. */
function packages() {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, input]) => input.bytesInOutput > 0).map(([path]) => path);
  const names = used.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
  return [...new Set(names)].sort();
}

async function licence(name) {
  const home = join(folder, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const file = (await readdir(home)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ${version} (${license}) holds no licence text`);
  const text = (await readFile(join(home, file), "utf8")).trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const rule = `\n${"-".repeat(78)}\n\n`;
const head = "The script editor.js holds code of the packages below.\n";
const files = {
  "editor.js": outputFiles[0].text,
  "editor-licences.txt": [head, ...(await Promise.all(packages().map(licence)))].join(rule),
};

for (const [name, text] of Object.entries(files)) {
  const path = join(assets, name);
  if (process.argv.includes("--check")) {
    if ((await readFile(path, "utf8").catch(() => "")) !== text) {
      console.error(`${name} is not what the sources give: run npm run build and commit it.`);
      process.exitCode = 1;
    }
  } else {
    await writeFile(path, text);
    console.log(`${name}: ${(Buffer.byteLength(text) / 1024).toFixed(0)} KiB`);
  }
}
