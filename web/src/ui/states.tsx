import { type ReactNode, useEffect, useState } from "react";
import { RequestFailure } from "../api/client";
import { Icon } from "./icon";

/** Nothing for 200 ms, then rows of the final height. */
export function Skeleton({ rows = 8, height = 34 }: { rows?: number; height?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="skel" role="status" aria-label="Loading">
      {shown &&
        Array.from({ length: rows }, (_, row) => (
          <div key={row} style={{ height }}>
            <i style={{ width: `${18 + ((row * 7) % 12)}%` }} />
            <i style={{ width: `${34 + ((row * 11) % 20)}%` }} />
          </div>
        ))}
    </div>
  );
}

/** Words for a wait that is longer than usual. */
export function Later({ after, children }: { after: number; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return (
    <p className="trying m" role="status">
      {shown && children}
    </p>
  );
}

/** What failed, the code, and what to do. The rest of the page goes on. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const failure = error instanceof RequestFailure ? error : null;
  const message = failure?.message ?? (error instanceof Error ? error.message : String(error));
  const copy = () =>
    navigator.clipboard?.writeText(
      JSON.stringify({ message, code: failure?.code, detail: failure?.detail, at: window.location.href }),
    );
  return (
    <div className="fail" role="alert">
      <Icon name="warn" />
      <div>
        <p>
          <b>This could not be loaded.</b> {message}
        </p>
        {failure && <p className="m s12">Code {failure.code}</p>}
        <p className="acts">
          {onRetry && (
            <button type="button" className="btn" onClick={onRetry}>
              Retry
            </button>
          )}
          <button type="button" className="btn q" onClick={copy}>
            Copy details
          </button>
        </p>
      </div>
    </div>
  );
}

/** What was searched, in which snapshot, on what coverage it rests, and one next action. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="b">{title}</p>
      {children && <div className="m2">{children}</div>}
      {action && <p className="acts">{action}</p>}
    </div>
  );
}

/** Hatched band on top of a page: something was not seen, counts may be too low. */
export function PartialBand({ children }: { children: ReactNode }) {
  return (
    <div className="band">
      <span className="hatch" aria-hidden="true" />
      <p>{children}</p>
    </div>
  );
}

/** Politely read out when it changes. */
export function Announce({ text }: { text: string }) {
  return (
    <p className="vh" role="status" aria-live="polite">
      {text}
    </p>
  );
}
