/** One GraphQL question through the page's own session; fails on errors. */
export async function ask(page, base, query) {
  const response = await page.request.post(`${base}/graphql`, {
    headers: { "Content-Type": "application/json", Origin: base },
    data: { query },
  });
  const reply = await response.json();
  if (reply.errors) throw new Error(`GraphQL: ${reply.errors[0].message}`);
  return reply.data;
}
