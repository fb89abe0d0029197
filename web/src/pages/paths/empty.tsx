import { Link } from "wouter";
import * as n from "../../format/numbers";
import { coverageText, type EstateData } from "../../frame/estate";
import type { Filters } from "../../list/filterbar";
import { FilteredOut } from "../../list/filteredout";
import { Empty } from "../../ui/states";
import { useUrl } from "../../url/state";

/** An empty list says what was searched and what that rests on. */
export function EmptyPaths(props: {
  filters: Filters;
  filtered: boolean;
  unfiltered: number;
  estate: EstateData["estate"] | undefined;
}) {
  const url = useUrl();
  const { filters, filtered, unfiltered, estate } = props;
  if (filtered && unfiltered > 0) {
    return (
      <FilteredOut
        title="No family matches these filters."
        without={n.plural(unfiltered, "family", "families")}
        filters={filters}
      />
    );
  }
  return (
    <Empty
      title="No path to a critical asset was seen."
      action={
        <Link className="btn" href={url.href("/coverage")}>
          What was not seen
        </Link>
      }
    >
      {estate && (
        <p>
          Searched in {estate.snapshot.id} over {n.plural(estate.accounts.length, "account")} and{" "}
          {n.plural(estate.nodes, "node")};{" "}
          {n.plural(
            estate.criticalAssets.reached + estate.criticalAssets.unknown + estate.criticalAssets.noPathSeen,
            "critical asset",
          )}
          , {estate.criticalAssets.unknown} of them unknown. {coverageText(estate)}.
        </p>
      )}
    </Empty>
  );
}
