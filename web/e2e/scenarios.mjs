// What a reader does, page after page. Expected figures come from GraphQL: the
// test knows the interface, not the estate.
import assert from "node:assert/strict";
import { ask } from "./ask.mjs";
import { loaded, until } from "./wait.mjs";

/** Clicks a way from the overview to one decided line of one document. */
async function overviewToEvidence({ page, base, look }) {
  const { estate } = await ask(page, base, "{ estate { criticalAssets { reached unknown } attackPaths } }");
  await page.goto(`${base}/`);
  await page.getByRole("heading", { name: "Estate risk" }).waitFor();
  const headline = await page.getByRole("heading", { level: 1 }).textContent();
  if (estate.criticalAssets.reached > 0) {
    assert.match(
      headline,
      new RegExp(`^${estate.criticalAssets.reached} of `),
      "the headline counts what is reached",
    );
  }
  await look("overview");
  await page.getByRole("link", { name: "All attack paths" }).click();
  await page.waitForURL("**/paths");
  await page.getByRole("region", { name: "Path families" }).waitFor();
  assert.ok(estate.attackPaths > 0, "the estate has paths to walk");
  await page.locator("tbody[data-index='0'] .tw").click();
  await page.getByRole("heading", { name: "Why it ranks here" }).waitFor();
  await look("paths");
  await page.locator("tbody[data-index='0'] .rowlink").click();
  await page.waitForURL("**/paths/*");
  await page.getByRole("heading", { name: "Steps" }).waitFor();
  await look("path");
  const steps = page.locator(".sl button");
  const count = await steps.count();
  assert.ok(count > 0, "the path has steps");
  let documents = 0;
  for (let index = 0; index < count; index++) {
    await steps.nth(index).click();
    await page.getByRole("region", { name: `Evidence of step ${index + 1}` }).waitFor();
    await loaded(page);
    documents += await page.locator(".doc .hi").count();
    if (documents > 0) break;
  }
  assert.ok(
    documents > 0 || (await page.locator(".facts li").count()) > 0,
    "a step shows the lines or facts that decided it",
  );
  await look("evidence");
  await page.getByRole("button", { name: "Outline" }).click();
  await page.getByRole("region", { name: "Outline of the path" }).waitFor();
  assert.match(page.url(), /view=outline/, "the view is in the address");
  await look("outline");
}

/** The path of the estate with a join, if there is one. */
async function joinedPath({ page, base, look }) {
  const { attackPaths } = await ask(
    page,
    base,
    "{ attackPaths(first: 50) { nodes { id path(number: 1) { steps { premises { id } } } } } }",
  );
  const joined = attackPaths.nodes.find((one) => one.path.steps.some((step) => step.premises.length > 1));
  if (!joined) return;
  await page.goto(`${base}/paths/${encodeURIComponent(joined.id)}`);
  await page.locator(".and").first().waitFor();
  assert.ok((await page.locator(".join").count()) > 0, "the join is in the list of steps too");
  await look("join");
}

/** Everything with the keyboard alone. */
async function keyboard({ page, base }) {
  await page.goto(`${base}/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL("**/paths");
  await page.locator("tbody[data-index='0']").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  await page.waitForURL("**open=*");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/paths/*");
  await page.locator(".sl button").first().waitFor();
  if ((await page.locator(".sl button").count()) > 1) {
    await page.keyboard.press("j");
    await page.waitForURL("**step=2*");
  }
  await page.keyboard.press("o");
  await page.waitForURL("**view=outline*");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/data*");
}

/** Inventory: the strip filters, a row opens, the address keeps both. */
async function data({ page, base, look }) {
  const { datastores } = await ask(
    page,
    base,
    "{ datastores(first: 1) { totalCount nodes { node { name } } } }",
  );
  await page.goto(`${base}/data`);
  await page.getByRole("region", { name: "Datastores" }).waitFor();
  await look("data");
  await page.locator(".lg button").first().click();
  await page.waitForURL("**f=label*");
  await page.goBack();
  if (datastores.totalCount === 0) return;
  await page.goto(`${base}/data`);
  await page.locator("tbody[data-index='0'] .rowlink").click();
  await page.getByRole("dialog").getByRole("heading", { name: "Sensitive types" }).waitFor();
  await look("drawer");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.goto(`${base}/data?q=nothing-is-named-like-this`);
  await page.getByText("No datastore matches these filters.").waitFor();
  await look("data-empty");
}

/** Endpoints, and the way to one of them hop by hop. */
async function exposure({ page, base, look }) {
  const { exposed } = await ask(page, base, "{ exposed(first: 1) { unfilteredCount } }");
  await page.goto(`${base}/exposure`);
  await page.getByRole("heading", { name: "Exposure" }).waitFor();
  await look("exposure");
  if (exposed.unfilteredCount === 0) return;
  await page.locator("tbody[data-index='0'] .rowlink").click();
  await page.getByRole("heading", { name: "What sits behind it" }).waitFor();
  await look("endpoint");
}

/** The three forms of question; each answer has an address. */
async function questions({ page, base, look }) {
  const { datastores, principals, exposed } = await ask(
    page,
    base,
    `{ datastores(first: 1, filter: { kind: ["bucket"] }) { nodes { id } }
       principals(first: 5, filter: { kind: ["role"] }) { nodes { id } }
       exposed(first: 1) { nodes { id } } }`,
  );
  await page.goto(`${base}/ask`);
  await page.getByText("Nothing is asked yet.").waitFor();
  await look("ask-empty");
  const bucket = datastores.nodes[0]?.id;
  const role = principals?.nodes[0]?.id;
  if (bucket && role) {
    await page.getByRole("combobox", { name: "Principal" }).fill(role);
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Action" }).fill("s3:GetObject");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Resource" }).fill(bucket);
    await page.keyboard.press("Enter");
    await page.locator(".verdict").waitFor();
    await look("ask-can");
    await page.goto(`${base}/ask?form=who&action=s3:GetObject&resource=${encodeURIComponent(bucket)}`);
    await page.locator(".verdict").waitFor();
    await look("ask-who");
  }
  if (exposed.nodes[0]) {
    await page.goto(`${base}/ask?form=reach&from=internet&to=${encodeURIComponent(exposed.nodes[0].id)}`);
    await page.locator(".verdict").waitFor();
    await look("ask-reach");
  }
}

/** What was not seen. */
async function coverage({ page, base, look }) {
  const { coverage: answer } = await ask(page, base, "{ coverage(first: 1) { gaps { totalCount } } }");
  await page.goto(`${base}/coverage`);
  await page.getByRole("region", { name: "Matrix of accounts and services" }).waitFor();
  if (answer.gaps.totalCount > 0) await page.locator(".gaps .tw").first().click();
  await look("coverage");
}

/** GraphiQL loads, runs the first query and shows data. */
async function query({ page, base, look }) {
  await page.goto(`${base}/query`);
  await page.locator(".graphiql-query-editor .CodeMirror-code").filter({ hasText: "attackPaths" }).waitFor();
  await page.waitForLoadState("networkidle");
  await page.locator(".graphiql-execute-button").click();
  await page.locator(".result-window").filter({ hasText: "totalCount" }).waitFor();
  await look("query");
}

/** The command box finds a node and opens what belongs to it. */
async function commandBox({ page, base, look }) {
  const { datastores } = await ask(page, base, "{ datastores(first: 1) { nodes { id node { name } } } }");
  const name = datastores.nodes[0]?.node.name;
  if (!name) return;
  await page.goto(`${base}/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill(`#${name}`);
  await page.getByRole("option").filter({ hasText: name }).first().waitFor();
  await look("command");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/data?sel=*");
  await page.getByRole("dialog").waitFor();
}

/** Back leads to the place in the list that was left; a new visit starts at its top. */
async function back({ page, base }) {
  const { attackPaths } = await ask(page, base, "{ attackPaths(first: 1) { totalCount } }");
  if (attackPaths.totalCount < 25) return;
  const list = page.getByRole("region", { name: "Path families" });
  const place = () => list.evaluate((element) => element.scrollTop);
  await page.goto(`${base}/paths`);
  await list.waitFor();
  await list.evaluate((element) => element.scrollTo(0, 400));
  await page.locator("tbody[data-index='12'] .rowlink").click();
  await page.waitForURL("**/paths/*");
  await page.goBack();
  await list.waitFor();
  await until(
    async () => Math.abs((await place()) - 400) < 60,
    async () => `back leads to ${await place()}, not to 400`,
  );
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/data");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await list.waitFor();
  assert.equal(await place(), 0, "a new visit starts at the top");
}

/** While the server tries changes, pages say so; what was found appears by itself. */
async function trying({ page, base, look }) {
  let tried = false;
  await page.route(`${base}/graphql`, async (route) => {
    const response = await route.fetch().catch(() => null);
    if (!response) return; // the page was left before the answer came
    if (tried) return route.fulfill({ response });
    const untried = ["fixes", "closedBy", "choke"];
    const reply = JSON.parse(await response.text(), (key, value) => {
      if (untried.includes(key)) return null;
      return key === "trials" ? { state: "trying", tried: 12, total: 48 } : value;
    });
    return route.fulfill({ response, json: reply });
  });
  await page.goto(`${base}/`);
  await page.getByText("cairn is still trying changes (12 of 48)…").waitFor();
  await look("trying-overview");
  await page.goto(`${base}/paths`);
  await page.getByText("not weighed yet").first().waitFor();
  await page.locator("tbody[data-index='0'] .tw").click();
  await page.getByRole("heading", { name: "What closes it" }).waitFor();
  await look("trying-paths");
  await page.locator("tbody[data-index='0'] .rowlink").click();
  await page.getByText("cairn is still trying changes (12 of 48)…").waitFor();
  await look("trying-path");
  tried = true;
  await page.getByText("cairn is still trying changes").waitFor({ state: "detached" });
  await page.goto(`${base}/`);
  await page.locator("#fixes tbody tr").first().waitFor();
  await page.unroute(`${base}/graphql`);
}

/** Before there is a snapshot the page says how to get one, and goes on when it comes. */
async function getStarted({ page, base, look }) {
  let empty = true;
  await page.route(`${base}/graphql`, async (route) => {
    const query = route.request().postDataJSON().query;
    if (!empty || /server\s*\{\s*store/.test(query)) return route.continue();
    if (/snapshots\s*\(/.test(query)) return route.fulfill({ json: { data: { snapshots: [] } } });
    const error = { message: "the store holds no snapshot yet", extensions: { code: "NOT_FOUND" } };
    return route.fulfill({ json: { data: null, errors: [error] } });
  });
  await page.goto(`${base}/`);
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  await page.getByText(/cairn demo --no-serve --store \S/).waitFor();
  await look("get-started");
  empty = false;
  await page.getByRole("heading", { name: "Estate risk" }).waitFor();
  await page.unroute(`${base}/graphql`);
}

/** A wrong address and an unknown family say so. */
async function notFound({ page, base, look }) {
  await page.goto(`${base}/paths/no-such-family`);
  await page.getByText("This family is not in this snapshot.").waitFor();
  await look("no-family");
  await page.goto(`${base}/no/such/page`);
  await page.getByText("There is no page at this address.").waitFor();
  await page.goto(`${base}/paths?s=no-such-snapshot`);
  await page.getByRole("button", { name: "Show the latest snapshot" }).click();
  await page.getByRole("heading", { name: "Attack paths" }).waitFor();
  assert.ok(!page.url().includes("no-such-snapshot"), "the address no longer names it");
}

export const scenarios = Object.entries({
  overviewToEvidence,
  joinedPath,
  keyboard,
  data,
  exposure,
  questions,
  coverage,
  query,
  commandBox,
  trying,
  getStarted,
  back,
  notFound,
}).map(([name, walk]) => ({ name, walk }));
