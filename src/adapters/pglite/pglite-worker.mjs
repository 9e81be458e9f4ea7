// PGlite in a thread of its own: a statement here blocks this event loop, not the one that answers requests.
// Takes {id, sql, parameters} or {id, sql, script: true} or {id, close: true}; posts {id, rows} or {id, error}.
import { parentPort, workerData } from 'node:worker_threads';
import { openDurably } from './durable-files.mjs';

const int8Oid = 20;

/** Errors do not survive the way between threads with their fields. */
const describe = (error) => ({
  message: error instanceof Error ? error.message : String(error),
  code: typeof error?.code === 'string' ? error.code : undefined,
});

async function run(database, request) {
  if (request.close) {
    await database.close();
    return [];
  }
  if (request.script) {
    await database.exec(request.sql);
    return [];
  }
  return (await database.query(request.sql, request.parameters)).rows;
}

async function answer(database, request) {
  try {
    parentPort.postMessage({ id: request.id, rows: await run(database, request) });
  } catch (error) {
    parentPort.postMessage({ id: request.id, error: describe(error) });
  }
  if (request.close) parentPort.close();
}

try {
  const database = await openDurably(workerData.dir, { [int8Oid]: Number });
  parentPort.on('message', (request) => void answer(database, request));
  parentPort.postMessage({ id: 0, rows: [] });
} catch (error) {
  parentPort.postMessage({ id: 0, error: describe(error) });
}
