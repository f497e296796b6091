import type { NotificationStatus } from '../../state-schema/generated/status.ts';
import type { Control } from '../control/control.ts';
import { faultOfText } from '../fault-text.ts';
import type { Finding } from '../programs/check-programs.ts';

/** Whether news arrives: by a test message when one is asked for, else by what came of the last one. */
export async function checkNotifications(
  control: Pick<Control, 'testNotifications'>,
  known: readonly NotificationStatus[] | undefined,
  sends: boolean,
): Promise<readonly Finding[]> {
  if (!sends) return (known ?? []).map(lastAttempt);
  const answer = await control.testNotifications();
  if (answer.kind === 'refused') return [bad(answer.message, answer.next)];
  if (answer.tests.length === 0) {
    const message = 'nobody is notified: the state repo names no target, or the host settings silence it';
    return [{ level: 'note', message, remedy: 'declare notify: in the state repo' }];
  }
  return answer.tests.map(({ to, fault }): Finding =>
    fault === undefined
      ? { level: 'good', message: `${to} took a test message` }
      : bad(fault.message, fault.next),
  );
}

function lastAttempt({ to, state, message = '' }: NotificationStatus): Finding {
  const test = 'anchord doctor --notify';
  if (state === 'delivered') return { level: 'good', message: `the last message for ${to} arrived` };
  if (state === 'untried')
    return { level: 'later', message: `nothing was sent to ${to} yet; to try it: ${test}` };
  const { message: what, next = test } = faultOfText(message);
  return { level: 'note', message: what, remedy: next };
}

function bad(message: string, next: string | undefined): Finding {
  return { level: 'bad', message, ...(next === undefined ? {} : { remedy: next }) };
}
