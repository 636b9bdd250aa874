// Steps of a test that stand on those before: the first that fails ends them all.

/** Runs a step of a test. */
export async function step(t, name, run) {
  let failure;
  await t.test(name, async () => {
    await run().catch((error) => {
      failure = error;
      throw error;
    });
  });
  if (failure) throw new Error(`stopped at: ${name}`);
}
