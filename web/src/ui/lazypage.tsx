import { type ComponentType, useEffect, useState } from "react";
import { Failure, Skeleton } from "./states";

/** Code of a page, fetched once. */
export class PageCode<Props extends object> {
  component: ComponentType<Props> | null = null;
  private readonly fetchPage: () => Promise<{ default: ComponentType<Props> }>;

  constructor(fetchPage: () => Promise<{ default: ComponentType<Props> }>) {
    this.fetchPage = fetchPage;
  }

  async load(): Promise<void> {
    this.component = (await this.fetchPage()).default;
  }
}

/**
 * A page whose code comes on its route. Once fetched it renders at once: React's
 * own lazy suspends even then, and keeps the fallback for 300 ms.
 */
export function LazyPage<Props extends object>({ of, props }: { of: PageCode<Props>; props: Props }) {
  const [error, setError] = useState<unknown>(null);
  const [, setFetched] = useState(0);
  useEffect(() => {
    if (of.component || error !== null) return;
    of.load().then(() => setFetched((count) => count + 1), setError);
  }, [of, error]);
  if (of.component) return <of.component {...props} />;
  return (
    <div className="page list">
      <h1 className="vh">Loading</h1>
      {error === null ? <Skeleton rows={10} /> : <Failure error={error} onRetry={() => setError(null)} />}
    </div>
  );
}
