// A process of its own for the crash tests: takes a folder of a rig, starts the engine and says what happens.
import { backupPolicy, policyRig } from './policy-rig.ts';

const [folder = '', time = '', policyJson] = process.argv.slice(2);
const policies = { local: { ...backupPolicy(), ...(JSON.parse(policyJson ?? '{}') as object) } };
const rig = await policyRig({ folder, policies });
rig.setTime(time);
const progress = rig.next('run.progress');
await rig.engine.start();
await progress;
process.stdout.write('running\n');
