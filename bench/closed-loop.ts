/**
 * `workers` callers, each of which sends its next call only when the one before was answered, until `total` turns are
 * taken or `deadline` (of `performance.now()`) is past. Returns how many turns were finished.
 */
export async function closedLoop(
  workers: number,
  total: number,
  deadline: number,
  turn: (index: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  let finished = 0;
  const work = async (): Promise<void> => {
    while (next < total && performance.now() < deadline) {
      const index = next;
      next += 1;
      await turn(index);
      finished += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return finished;
}
