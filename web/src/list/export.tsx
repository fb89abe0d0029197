import { Menu } from "@mantine/core";
import { useState } from "react";
import { coverageText, useEstate } from "../frame/estate";
import { useKeys } from "../frame/keys";
import { download } from "../ui/copy";
import { Icon } from "../ui/icon";
import { type Cell, toCsv } from "./csv";

export interface ExportOf {
  /** Start of the file name. */
  name: string;
  /** Filters in words; empty for all. */
  filters: string;
  csv?: () => Promise<Record<string, Cell>[]>;
  json?: () => Promise<unknown>;
  markdown?: () => Promise<string>;
}

/** The same menu everywhere. Every file names snapshot, filters, coverage and the priors. */
export function ExportMenu({ of }: { of: ExportOf }) {
  const estate = useEstate().data?.estate;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  useKeys([{ keys: "e", title: "Export", run: () => setOpen(true) }]);
  const about = {
    snapshot: estate?.snapshot.id ?? "",
    takenAt: estate?.snapshot.takenAt ?? "",
    filters: of.filters || "none",
    coverage: estate ? coverageText(estate) : "",
    note: "Likelihoods are assumed priors unless a source is named; scores are not calibrated to incidents.",
  };
  const run = async (make: () => Promise<void>) => {
    setBusy(true);
    try {
      await make();
    } finally {
      setBusy(false);
    }
  };
  const file = (suffix: string) => `cairn-${of.name}-${about.snapshot}.${suffix}`;
  return (
    <Menu opened={open} onChange={setOpen} position="bottom-end" offset={4}>
      <Menu.Target>
        <button type="button" className="btn" aria-busy={busy} disabled={busy}>
          <Icon name="export" size="s" />
          Export
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {of.csv && (
          <Menu.Item
            onClick={() =>
              run(async () => download(file("csv"), "text/csv", toCsv((await of.csv?.()) ?? [], about)))
            }
          >
            CSV
          </Menu.Item>
        )}
        {of.json && (
          <Menu.Item
            onClick={() =>
              run(async () => {
                const body = JSON.stringify({ about, rows: await of.json?.() }, null, 2);
                download(file("json"), "application/json", body);
              })
            }
          >
            JSON
          </Menu.Item>
        )}
        {of.markdown && (
          <Menu.Item
            onClick={() =>
              run(async () => {
                const foot = Object.entries(about).map(([key, value]) => `- ${key}: ${value}`);
                download(
                  file("md"),
                  "text/markdown",
                  `${await of.markdown?.()}\n\n---\n\n${foot.join("\n")}\n`,
                );
              })
            }
          >
            Markdown
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
