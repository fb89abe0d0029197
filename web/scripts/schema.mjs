// Joins the SDL files of ../gql/schema into one, which is what the gql.tada tool reads.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../gql/schema");
const target = join(here, "../node_modules/.cache/cairn/schema.graphql");

// Extensions become part of the type they extend: the tool knows no `extend`.
const { buildASTSchema, concatAST, parse, printSchema } = await import("graphql");
const files = readdirSync(folder).filter((name) => name.endsWith(".graphqls"));
const documents = files.sort().map((name) => parse(readFileSync(join(folder, name), "utf8")));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, printSchema(buildASTSchema(concatAST(documents))));
