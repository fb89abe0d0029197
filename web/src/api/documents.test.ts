import { readdirSync, readFileSync } from "node:fs";
import { buildASTSchema, concatAST, type DocumentNode, parse, validate } from "graphql";
import { expect, it } from "vitest";

const folder = new URL("../../../gql/schema/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".graphqls"));
const schema = buildASTSchema(
  concatAST(files.map((name) => parse(readFileSync(new URL(name, folder), "utf8")))),
);

const modules = import.meta.glob(["../pages/**/queries.ts", "../frame/estate.ts", "../frame/trials.tsx"], {
  eager: true,
});
const documents = Object.entries(modules).flatMap(([file, exports]) =>
  Object.entries(exports as Record<string, unknown>)
    .filter(([, value]) => (value as DocumentNode)?.kind === "Document")
    .map(
      ([name, value]) => [`${file.split("/").slice(-2).join("/")} ${name}`, value as DocumentNode] as const,
    ),
);

it("finds the documents", () => expect(documents.length).toBeGreaterThan(8));

it.each(documents)("%s fits the schema of the server", (_, document) => {
  expect(validate(schema, document).map((error) => error.message)).toEqual([]);
});
