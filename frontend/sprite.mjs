// Builds one SVG sprite of the icons that are used: those of icons.txt, of the states and of the service lines.
import { readFileSync, writeFileSync, existsSync } from "node:fs";

const [target] = process.argv.slice(2);
const here = new URL(".", import.meta.url).pathname;
const source = `${here}node_modules/@tabler/icons/icons/outline`;
const column = (path, name) => {
  const [head, ...rows] = readFileSync(`${here}../src/yingxu/${path}`, "utf8").trim().split("\n");
  const at = head.split(",").indexOf(name);
  // only the columns before the wanted one may hold no quoted commas; a quoted English name is cut out first
  return rows.map((row) => row.replace(/"[^"]*"/g, "_").split(",")[at]).filter(Boolean);
};

const names = new Set([
  ...readFileSync(`${here}icons.txt`, "utf8").split(/\s+/).filter(Boolean),
  ...column("work/life_cycle/states.csv", "icon"),
  ...column("standards/library/lines.csv", "icon"),
]);
const missing = [...names].filter((name) => !existsSync(`${source}/${name}.svg`));
if (missing.length) {
  console.error(`no such icon in @tabler/icons: ${missing.join(", ")}`);
  process.exit(1);
}
const symbols = [...names].sort().map((name) => {
  const body = readFileSync(`${source}/${name}.svg`, "utf8")
    .replace(/<svg[^>]*>|<\/svg>|<!--[\s\S]*?-->/g, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/g, "")
    .replace(/\s*\n\s*/g, "")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
});
writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
console.log(`${symbols.length} icons`);
