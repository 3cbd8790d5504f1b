// Reads pages of vacancies as a search engine does: `node postings.mjs PACKAGES FOLDER`. Prints for each file how many postings it
// holds, and what a validator that others wrote has to say about them.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, folder] = process.argv.slice(2);
const from = createRequire(join(packages, "package.json"));
const load = async (name) => import(pathToFileURL(from.resolve(name)).href);
const named = (module, name) => module[name] ?? module.default?.[name] ?? module.default ?? module;

const { default: extractor, ...rest } = await load("@marbec/web-auto-extractor");
const Extractor = extractor?.default ?? extractor ?? rest.WebAutoExtractor;
const Validator = named(await load("@adobe/structured-data-validator"), "Validator");

const told = {};
for (const file of readdirSync(folder).sort()) {
  const data = new Extractor({ addLocation: true }).parse(readFileSync(join(folder, file), "utf8"));
  const issues = await new Validator().validate(data);
  told[file] = {
    postings: (data.jsonld?.JobPosting ?? []).length,
    errors: issues.filter((one) => one.severity === "ERROR").map((one) => `${one.issueMessage} ${one.fieldNames ?? ""}`.trim()),
  };
}
console.log(JSON.stringify(told));
