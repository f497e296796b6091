// A process of its own, to be killed while restic makes a repository: takes a folder of a rig and a PATH.
import { policyRig } from './policy-rig.ts';

const [folder = '', path = ''] = process.argv.slice(2);
const rig = await policyRig({ folder, path });
await rig.engine.init('local');
