import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { request } from "../api/client";
import { graphql, type ResultOf } from "../api/graphql";
import { trying } from "../format/trials";
import { useSnapshot } from "../url/snapshot";

export const TrialsQuery = graphql(`
  query Trials($snapshot: ID) {
    trials(snapshot: $snapshot) { state tried total }
  }
`);

type Trials = ResultOf<typeof TrialsQuery>["trials"];

const EVERY = 1500;

/**
 * How far the server is with trying changes, while something shown waits for
 * it: `missing` says so, and `again` asks anew once all was tried.
 */
export function useTrials(missing: boolean, again: () => void): Trials | undefined {
  const snapshot = useSnapshot();
  const query = useQuery({
    queryKey: ["trials", snapshot],
    queryFn: ({ signal }) => request(TrialsQuery, { snapshot }, signal),
    enabled: missing,
    staleTime: 0,
    refetchInterval: (asked) => (asked.state.data?.trials.state === "trying" ? EVERY : false),
  });
  const latest = useRef(again);
  latest.current = again;
  const trials = missing ? query.data?.trials : undefined;
  const done = trials?.state === "done";
  useEffect(() => {
    if (done) latest.current();
  }, [done]);
  return trials;
}

/** A quiet line where fixes or choke points will stand. */
export function Trying({ trials }: { trials: Trials | undefined }) {
  return (
    <p className="trying m" role="status">
      {trying(trials)}
    </p>
  );
}
