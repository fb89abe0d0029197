import { useQuery } from "@tanstack/react-query";
import { request } from "../api/client";
import { graphql } from "../api/graphql";
import { CopyButton } from "../ui/controls";
import { Icon } from "../ui/icon";

const StoreQuery = graphql(`
  query Store {
    server { store }
  }
`);

/** Before there is a snapshot: three ways to one, to be copied into a terminal. */
export function GetStarted() {
  const query = useQuery({
    queryKey: ["store"],
    queryFn: ({ signal }) => request(StoreQuery, {}, signal),
  });
  const store = query.data?.server.store;
  const to = store ? ` --store ${quoted(store)}` : "";
  const ways = [
    {
      title: "Look around in a sample company",
      command: `cairn demo --no-serve${to}`,
      says: "Twelve invented accounts; nothing is read from anywhere.",
    },
    {
      title: "Scan your own AWS accounts",
      command: `cairn scan aws${to}`,
      says: "Read only, with the credentials of your shell; cairn policy aws prints what it needs.",
    },
    {
      title: "Import what was collected elsewhere",
      command: `cairn import bundle PATH${to}`,
      says: "A bundle of cairn-aws; awscli and gaad take what the AWS CLI printed.",
    },
  ];
  return (
    <div className="page list start">
      <h1>Get started</h1>
      <p className="m2">
        {store ? `${store} holds no snapshot yet.` : "There is no snapshot yet."} Run one of these in a
        terminal; this page goes on by itself.
      </p>
      <ol>
        {ways.map((way) => (
          <li key={way.title} className="panel">
            <h2>{way.title}</h2>
            <p className="way mono">
              <code>{way.command}</code>
              <CopyButton className="ib" text={() => way.command} label={`Copy: ${way.title}`}>
                <Icon name="copy" size="s" />
              </CopyButton>
            </p>
            <p className="m s12">{way.says}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
