import { print } from "@0no-co/graphql.web";
import type { TadaDocumentNode } from "gql.tada";

/** What went wrong, in the server's words, with its code. */
export class RequestFailure extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(message: string, code: string, detail = "") {
    super(message);
    this.name = "RequestFailure";
    this.code = code;
    this.detail = detail;
  }
}

interface Reply<T> {
  data?: T | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[];
}

/**
 * Sends one operation and resolves to its data.
 *
 * @throws RequestFailure when the server cannot be reached, refuses, or answers
 * with errors; an operation is one question, so half an answer is none.
 */
export async function request<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const query = print(document);
  let response: Response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "same-origin",
      body: JSON.stringify({ query, variables }),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestFailure("The server does not answer.", "UNREACHABLE", String(cause));
  }
  if (response.status === 401) {
    throw new RequestFailure("This session is not signed in.", "UNAUTHENTICATED");
  }
  let reply: Reply<Data>;
  try {
    reply = (await response.json()) as Reply<Data>;
  } catch {
    throw new RequestFailure(
      `The server answered ${response.status} without JSON.`,
      `HTTP_${response.status}`,
    );
  }
  const first = reply.errors?.[0];
  if (first) {
    const where = first.path ? ` at ${first.path.join(".")}` : "";
    throw new RequestFailure(first.message, first.extensions?.code ?? "GRAPHQL", `${first.message}${where}`);
  }
  if (!reply.data) throw new RequestFailure("The server answered without data.", "EMPTY");
  return reply.data;
}

/** Exchanges the token of a sign-in link for a session cookie; true when it was taken. */
export async function signIn(token: string): Promise<boolean> {
  const response = await fetch("/session", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    credentials: "same-origin",
  });
  return response.ok;
}
