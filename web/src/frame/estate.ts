import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { request } from "../api/client";
import { graphql, type ResultOf } from "../api/graphql";
import { plural, portion } from "../format/numbers";
import { usePin, useSnapshot } from "../url/snapshot";

export const EstateQuery = graphql(`
  query Estate($snapshot: ID) {
    estate(snapshot: $snapshot) {
      snapshot { id takenAt latest source }
      name
      accounts { id name notRead }
      nodes
      edges
      criticalAssets { reached unknown noPathSeen }
      risk { value lower upper source }
      level
      attackPaths
      paths
      entries { value title count }
      datastores
      principals
      exposed
      findings
      fixes
      gaps
      gapsOnTargets
      reads { asked answered }
      labels { name rank of critical }
      levels { critical high medium }
      truncated
    }
    server { version role loopback }
  }
`);

export type EstateData = ResultOf<typeof EstateQuery>;

/**
 * How much of what was asked was answered, "" where that would mislead: nothing
 * was asked, or everything was and yet parts are no part of the source.
 */
export function readShare(estate: EstateData["estate"]): string {
  const { asked, answered } = estate.reads;
  if (asked === 0 || (answered === asked && estate.gaps > 0)) return "";
  return portion(answered, asked);
}

/** What an answer rests on, in words. */
export function coverageText(estate: EstateData["estate"]): string {
  const share = readShare(estate);
  return `${share ? `${share} of reads answered, ` : ""}${plural(estate.gaps, "gap")}`;
}

/** The estate in numbers: what frame, overview and filters all need. */
export function useEstate() {
  const snapshot = useSnapshot();
  return useQuery({
    queryKey: ["estate", snapshot],
    queryFn: ({ signal }) => request(EstateQuery, { snapshot }, signal),
  });
}

/** Holds on to the snapshot that the first answer came from. Used once, by the frame. */
export function usePinLatest(): void {
  const { pinned, pin } = usePin();
  const snapshot = useSnapshot();
  const client = useQueryClient();
  const { data, isPlaceholderData } = useEstate();
  useEffect(() => {
    if (snapshot !== null || pinned !== null || !data || isPlaceholderData) return;
    client.setQueryData(["estate", data.estate.snapshot.id], data);
    pin(data.estate.snapshot.id);
  }, [snapshot, pinned, data, isPlaceholderData, client, pin]);
}

export const SnapshotsQuery = graphql(`
  query Snapshots {
    snapshots(first: 50) { id takenAt source latest accounts nodes gaps }
  }
`);

/** All snapshots, newest first; asked again so that a newer one is noticed. */
export function useSnapshots() {
  return useQuery({
    queryKey: ["snapshots"],
    queryFn: ({ signal }) => request(SnapshotsQuery, {}, signal),
    refetchInterval: (query) =>
      query.state.error ? false : query.state.data?.snapshots.length === 0 ? 3_000 : 20_000,
    staleTime: 10_000,
  });
}
