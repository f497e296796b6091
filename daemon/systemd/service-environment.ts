/** How the service manager wants to hear from the daemon, as it says in the environment (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ServiceEnvironment {
  /** NOTIFY_SOCKET. */
  readonly socket: string;
  /** The service is restarted when it is silent for this long, milliseconds. Absent: there is no watchdog. */
  readonly watchdogMs?: number;
}

/** What systemd says of itself; undefined when the daemon was not started by it as a notifying service. Pure. */
export function serviceEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): ServiceEnvironment | undefined {
  const socket = env['NOTIFY_SOCKET'];
  if (socket === undefined || socket === '') return undefined;
  const watchdogMs = Number(env['WATCHDOG_USEC']) / 1000;
  // Meant for another process: a parent that forgot to take it out.
  const isForUs = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(pid);
  return isForUs && Number.isFinite(watchdogMs) && watchdogMs > 0 ? { socket, watchdogMs } : { socket };
}
