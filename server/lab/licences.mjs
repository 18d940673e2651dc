// The licences of all packages that went into a build, as one text to ship with it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const rule = `\n${"─".repeat(80)}\n`;

export function licencesOf(compilation) {
  const folders = new Set();
  for (const file of compilation.fileDependencies) {
    const folder = packageFolder(file);
    if (folder) folders.add(folder);
  }
  const packages = [...folders].map(readPackage).filter(Boolean);
  packages.sort((a, b) => (a.title < b.title ? -1 : 1));
  const head = "JupyterLab's front end as built for Cellwright contains these packages, each under its own licence.\n";
  return head + packages.map(({ title, licence, text }) => `${rule}${title}\n${licence}\n\n${text}`).join("\n");
}

/** `…/node_modules/@a/b/lib/c.js` → `…/node_modules/@a/b` */
function packageFolder(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0];
}

function readPackage(folder) {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const { name, version, license, licenses } = JSON.parse(readFileSync(path, "utf8"));
  if (!name) return undefined;
  const named = license?.type ?? license ?? licenses?.map(({ type }) => type).join(" OR ") ?? "licence not named";
  return { title: `${name} ${version}`, licence: named, text: textIn(folder) };
}

function textIn(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|-|$)/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8").trim() : "(the package carries no licence text)";
}
