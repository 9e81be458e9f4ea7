import { compareWithService } from './replay-parity.js';

const [count = '', seed = '', rings] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await compareWithService(Number(count), seed, rings === 'rings')));
