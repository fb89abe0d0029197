import { Empty } from "../ui/states";
import { formatFilter } from "../url/filter";
import type { Filters } from "./filterbar";

/** Nothing is left under the filters: names them, counts what there is without them, drops the last one. */
export function FilteredOut(props: { title: string; without: string; filters: Filters }) {
  const { title, without, filters } = props;
  const last = filters.filters[filters.filters.length - 1];
  const named = [...filters.filters.map(formatFilter), ...(filters.text ? [`“${filters.text}”`] : [])];
  return (
    <Empty
      title={title}
      action={
        named.length > 0 && (
          <button
            type="button"
            className="btn"
            onClick={() => (last ? filters.set(filters.filters.slice(0, -1)) : filters.set([], ""))}
          >
            Drop {last ? formatFilter(last) : `“${filters.text}”`}
          </button>
        )
      }
    >
      {without} without {named.length > 0 ? named.join(", ") : "them"}.
    </Empty>
  );
}
