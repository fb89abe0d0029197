import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema.d.ts";

/** Typed query documents. Field types come from the SDL of the server. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { Time: string; Long: number };
}>();

export type { ResultOf, VariablesOf } from "gql.tada";
