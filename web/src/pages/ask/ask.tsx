import "./ask.css";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { CopyButton, Segments } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { useUrl } from "../../url/state";
import { CanAnswer, ReachAnswerView, WhoCanAnswer } from "./answers";
import { Slot } from "./slot";

const FORMS = [
  { value: "can", title: "Can … do … to …" },
  { value: "who", title: "Who can …" },
  { value: "reach", title: "Does … reach …" },
] as const;
type Form = (typeof FORMS)[number]["value"];

/** Actions people ask about most; any other can be typed. */
const ACTIONS = [
  ["s3:GetObject", "read objects"],
  ["s3:PutObject", "write objects"],
  ["s3:DeleteObject", "delete objects"],
  ["s3:PutBucketPolicy", "change a bucket policy"],
  ["kms:Decrypt", "decrypt"],
  ["secretsmanager:GetSecretValue", "read a secret"],
  ["ssm:GetParameter", "read a parameter"],
  ["dynamodb:Scan", "read a table"],
  ["sts:AssumeRole", "assume a role"],
  ["iam:PassRole", "pass a role"],
  ["iam:CreateAccessKey", "create an access key"],
  ["lambda:UpdateFunctionCode", "replace code"],
  ["rds-db:connect", "sign in to a database"],
] as const;
const ACTION_LIST = ACTIONS.map(([value, detail]) => ({ value, title: value, detail }));
const PLACES = [
  { value: "internet", title: "internet", detail: "anyone outside", kind: "internet" },
  { value: "onprem", title: "onprem", detail: "behind VPN or Direct Connect", kind: "onprem" },
];
const CALLERS = [
  { value: "anonymous", title: "anonymous", detail: "a call without credentials", kind: "anonymous" },
  {
    value: "any-aws-principal",
    title: "any-aws-principal",
    detail: "some principal of some AWS account",
    kind: "any-aws-principal",
  },
];

/** Can X do Y to Z? Who can? Does a packet arrive? If not, why not? */
export default function Ask() {
  const url = useUrl();
  const estate = useEstate().data?.estate;
  const form = (url.get("form") as Form | null) ?? "can";
  const value = (key: string) => url.get(key) ?? "";
  const slot = (key: string) => ({ value: value(key), onChange: (next: string) => url.set({ [key]: next }) });
  return (
    <div className="page page-ask">
      <div className="hd">
        <h1>Ask</h1>
        <span className="lead opt">
          Answers come from what was read; what was not read makes them unknown.
        </span>
        <div className="ac">
          <Segments
            label="Question"
            options={FORMS}
            value={form}
            onChange={(next) => url.set({ form: next === "can" ? null : next })}
          />
          <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
        </div>
      </div>
      <form className="panel sentence" aria-label="Question" onSubmit={(event) => event.preventDefault()}>
        {form === "can" && (
          <>
            <span>Can</span>
            <Slot
              label="Principal"
              placeholder="role, user, function"
              width={300}
              kinds={["principal"]}
              fixed={CALLERS}
              {...slot("principal")}
            />
            <span>do</span>
            <Slot
              label="Action"
              placeholder="s3:GetObject"
              width={230}
              fixed={ACTION_LIST}
              {...slot("action")}
            />
            <span>to</span>
            <Slot
              label="Resource"
              placeholder="bucket, secret, key"
              width={320}
              kinds={["datastore", "node", "principal"]}
              {...slot("resource")}
            />
            <span>?</span>
          </>
        )}
        {form === "who" && (
          <>
            <span>Who can do</span>
            <Slot
              label="Action"
              placeholder="s3:GetObject"
              width={250}
              fixed={ACTION_LIST}
              {...slot("action")}
            />
            <span>to</span>
            <Slot
              label="Resource"
              placeholder="bucket, secret, key"
              width={380}
              kinds={["datastore", "node", "principal"]}
              {...slot("resource")}
            />
            <span>?</span>
          </>
        )}
        {form === "reach" && (
          <>
            <span>Does</span>
            <Slot
              label="From"
              placeholder="internet, instance, ip:10.0.0.5"
              width={280}
              kinds={["node"]}
              fixed={PLACES}
              {...slot("from")}
            />
            <span>reach</span>
            <Slot
              label="To"
              placeholder="instance, database, bucket"
              width={300}
              kinds={["node", "datastore"]}
              {...slot("to")}
            />
            <span>on port</span>
            <Slot label="Port" placeholder="any" width={92} {...slot("port")} />
            <span>?</span>
          </>
        )}
      </form>
      {form === "can" && (
        <CanAnswer principal={value("principal")} action={value("action")} resource={value("resource")} />
      )}
      {form === "who" && <WhoCanAnswer action={value("action")} resource={value("resource")} />}
      {form === "reach" && <ReachAnswerView from={value("from")} to={value("to")} port={value("port")} />}
    </div>
  );
}
