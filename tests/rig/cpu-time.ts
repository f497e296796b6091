/**
 * How long this process works on something, in all its threads. Unlike the time that passes it does not count that others
 * had the machine meanwhile. Milliseconds.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
