import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** Change of the address: a string sets a key, a list sets it repeatedly, null drops it. */
export type UrlChange = Record<string, string | readonly string[] | null | undefined>;

/** The query string with the change applied; keys keep their order, empty ones leave. */
export function applyChange(search: string, change: UrlChange): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    params.delete(key);
    if (value === null || value === undefined || value === "") continue;
    if (typeof value === "string") params.set(key, value);
    else for (const one of value) params.append(key, one);
  }
  return readable(params.toString());
}

/** Undoes escapes that a query string does not need, so that links stay readable. */
export function readable(query: string): string {
  return query.replace(/%(3A|2C|2F|3D|3E|3C|21|40)/gi, (code) => decodeURIComponent(code));
}

/** The address with a query; no trailing question mark. */
export function withQuery(path: string, query: string): string {
  return query ? `${path}?${query}` : path;
}

export interface UrlState {
  get(key: string): string | null;
  all(key: string): string[];
  /** Replaces by default: filtering must not fill the history. */
  set(change: UrlChange, options?: { push?: boolean }): void;
  /** An address on another page that keeps the snapshot. */
  href(path: string, change?: UrlChange): string;
}

/** Everything visible lives in the query string; defaults are left out. */
export function useUrl(): UrlState {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback(
    (change: UrlChange, options?: { push?: boolean }) => {
      // The live address, not the rendered one: two changes in one event both count.
      const query = applyChange(window.location.search, change);
      navigate(withQuery(path, query), { replace: !options?.push });
    },
    [path, navigate],
  );
  return useMemo(
    () => ({
      get: (key) => params.get(key),
      all: (key) => params.getAll(key),
      set,
      href: (to, change = {}) => {
        const kept = params.get("s");
        return withQuery(to, applyChange(kept ? `s=${encodeURIComponent(kept)}` : "", change));
      },
    }),
    [params, set],
  );
}
