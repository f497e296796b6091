/** When a policy should run. */
export interface ScheduleWant {
  readonly id: string;
  readonly policy: string;
  readonly cron: string;
  readonly timezone: string;
}
