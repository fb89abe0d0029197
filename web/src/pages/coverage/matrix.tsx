import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { TASK, type TaskOutcome } from "../../format/words";
import type { Filters } from "../../list/filterbar";
import type { Cell, CoverageData } from "./queries";

/** A shape per outcome, so that no colour is needed; ok and empty are a full and an open dot. */
const MARK: Record<TaskOutcome, string> = {
  ok: "",
  empty: "",
  denied: "✕",
  throttled: "≈",
  unsupported: "–",
  timeout: "…",
  truncated: "÷",
  malformed: "!",
  notCollected: "?",
};
const ORDER: readonly TaskOutcome[] = [
  "ok",
  "empty",
  "denied",
  "throttled",
  "timeout",
  "truncated",
  "malformed",
  "unsupported",
  "notCollected",
];

/** Account by service. A cell is its worst outcome, said by shape and by text. */
export function Matrix(props: { cells: readonly Cell[]; tasks: CoverageData["tasks"]; filters: Filters }) {
  const { cells, tasks, filters } = props;
  const services = [...new Set(cells.map((cell) => cell.service))].sort();
  const accounts = [...new Map(cells.map((cell) => [cell.account, cell])).values()].sort((a, b) =>
    t.accountName(a).localeCompare(t.accountName(b)),
  );
  const at = new Map(cells.map((cell) => [`${cell.account}/${cell.service}`, cell]));
  return (
    <section className="panel mx" aria-labelledby="matrix-h">
      <div className="ph">
        <h2 id="matrix-h">Accounts and services</h2>
        <ul className="mxl">
          {ORDER.filter((outcome) => tasks.some((task) => task.outcome === outcome && task.count > 0)).map(
            (outcome) => (
              <li key={outcome}>
                <span className={`mk o-${outcome}`} aria-hidden="true">
                  {MARK[outcome]}
                </span>
                {TASK[outcome]} <b>{n.count(tasks.find((task) => task.outcome === outcome)?.count ?? 0)}</b>
              </li>
            ),
          )}
        </ul>
      </div>
      <div className="mxs" tabIndex={0} role="region" aria-label="Matrix of accounts and services">
        <table>
          <thead>
            <tr>
              <th scope="col">Account</th>
              {services.map((service) => (
                <th key={service} scope="col" className="c">
                  {service}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.account}>
                <th scope="row">
                  <span className="b">{t.accountName(account)}</span>{" "}
                  {account.accountName && <span className="m s12">{t.accountId(account.account)}</span>}
                </th>
                {services.map((service) => (
                  <MatrixCell
                    key={service}
                    cell={at.get(`${account.account}/${service}`)}
                    filters={filters}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function MatrixCell({ cell, filters }: { cell: Cell | undefined; filters: Filters }) {
  if (!cell) {
    return (
      <td className="c">
        <span className="vh">not asked</span>
      </td>
    );
  }
  const text = cell.tasks.map((task) => `${task.count} ${TASK[task.outcome]}`).join(", ");
  const whole = cell.outcome === "ok" || cell.outcome === "empty";
  const mark = (
    <>
      <span className={`mk o-${cell.outcome}`} aria-hidden="true">
        {MARK[cell.outcome]}
      </span>
      <span className="vh">{text}</span>
    </>
  );
  return (
    <td className="c" title={`${cell.service}: ${text}`}>
      {whole ? (
        mark
      ) : (
        <button
          type="button"
          onClick={() =>
            filters.set([
              { field: "account", op: ":", values: [cell.account] },
              { field: "service", op: ":", values: [cell.service] },
            ])
          }
        >
          {mark}
        </button>
      )}
    </td>
  );
}
