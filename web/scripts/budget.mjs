// Weighs dist against the budgets, gzip. Fails the build when one is exceeded.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const KB = 1024;
const sizes = new Map();
for (const name of readdirSync(join(dist, "assets"))) {
  sizes.set(name, gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length);
}
const html = readFileSync(join(dist, "index.html"), "utf8");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

/** Files a chunk needs before it can run, without what the page already has. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return [];
  seen.add(key);
  return [
    chunk.file,
    ...(chunk.css ?? []),
    ...(chunk.imports ?? []).flatMap((other) => closure(other, seen)),
  ];
}
const names = (files) => new Set(files.map((file) => file.replace("assets/", "")));
const first = names(closure("index.html"));
const own = (key) => [...names(closure(key))].filter((name) => !first.has(name));
const sum = (list, end = "") =>
  [...list].filter((n) => n.endsWith(end)).reduce((total, n) => total + (sizes.get(n) ?? 0), 0);

// Query loads editors and language support in pieces: all of them count.
const query = new Set(own("src/pages/query/query.tsx"));
const reach = (key, seen = new Set()) => {
  if (seen.has(key)) return;
  seen.add(key);
  for (const name of own(key)) query.add(name);
  for (const next of [...(manifest[key]?.imports ?? []), ...(manifest[key]?.dynamicImports ?? [])])
    if (next !== "index.html") reach(next, seen);
};
reach("src/pages/query/query.tsx");

const rows = [
  ["scripts to the first overview", sum(first, ".js"), 270],
  ["styles to the first overview", sum(first, ".css"), 45],
  ["path view adds", sum(own("src/pages/path/path.tsx")), 90],
  ["query adds", sum(query), 310],
  ["all of dist", sum(sizes.keys()) + gzipSync(html).length, 900],
];
let over = 0;
for (const [name, bytes, budget] of rows) {
  const fits = bytes <= budget * KB;
  if (!fits) over++;
  console.log(
    `${name.padEnd(32)} ${(bytes / KB).toFixed(1).padStart(7)} KB of ${budget} KB${fits ? "" : "  TOO MUCH"}`,
  );
}
if (/\.(woff2?|ttf|png|jpe?g|gif)"/.test([...sizes.keys()].map((name) => `${name}"`).join(""))) {
  console.log("a font or an image is in dist");
  over++;
}
// The list of chunks served this check alone.
rmSync(join(dist, ".vite"), { recursive: true });
process.exit(over > 0 ? 1 : 0);
