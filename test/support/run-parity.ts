import { compareWithService } from './replay-parity.js';

const [count = '', seed = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await compareWithService(Number(count), seed)));
