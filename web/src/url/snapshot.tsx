import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useUrl } from "./state";

interface Pin {
  pinned: string | null;
  pin: (id: string | null) => void;
}

const PinContext = createContext<Pin>({ pinned: null, pin: () => undefined });

/**
 * Holds on to the snapshot that was the latest when the reader came, so that
 * nothing changes under them when a newer one arrives.
 */
export function SnapshotProvider({ children }: { children: ReactNode }) {
  const [pinned, pin] = useState<string | null>(null);
  const value = useMemo(() => ({ pinned, pin }), [pinned]);
  return <PinContext.Provider value={value}>{children}</PinContext.Provider>;
}

/** The snapshot of the address, else the one held; null until the latest is known. */
export function useSnapshot(): string | null {
  const named = useUrl().get("s");
  const { pinned } = useContext(PinContext);
  return named ?? pinned;
}

export function usePin(): Pin {
  return useContext(PinContext);
}
