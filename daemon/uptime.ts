import { readFileSync } from 'node:fs';

/**
 * Milliseconds since this machine started, its sleep included: neither setting the clock nor suspending the machine bends
 * it, unlike `Clock.now()` and `Clock.monotonic()`. From /proc/uptime, which is CLOCK_BOOTTIME (proc_uptime(5)).
 */
export function uptimeMs(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000;
}

/** Names this start of the machine: elapsed times of two starts cannot be compared. From random(4). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
