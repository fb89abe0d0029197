/** Everything the page shows is there: nothing is still being loaded. */
export async function loaded(page) {
  await page.waitForFunction(() => !document.querySelector(".skel"));
}

/** Asks until something is right; after a minute it says what it is instead. */
export async function until(right, otherwise) {
  for (const deadline = Date.now() + 60_000; !(await right()); ) {
    if (Date.now() > deadline) throw new Error(await otherwise());
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
