/**
 * Starts `rules check` from one file and with V8's compiled code of the run before, which halves what it takes beyond Node's
 * own start. The code is kept beside the file; Node refuses what another version of it has made, and then it is made anew.
 * Whatever is missing, the usual way serves.
 */
const { createHash } = require('node:crypto');
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');
const file = join(dist, 'quick', 'rules-check.cjs');

function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

/** A crash or another process at the same time leaves a whole file. A folder that cannot be written to stays as it is. */
function keep(script, kept) {
  try {
    writeFileSync(`${kept}.${process.pid}`, script.createCachedData());
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // The next run is as slow as this one.
  }
}

async function check(source) {
  // V8 compares no more than the length of the text.
  const kept = `${file}.${createHash('sha1').update(source).digest('hex').slice(0, 12)}`;
  const code = read(kept);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: file, ...(code === undefined ? {} : { cachedData: code }) });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, dirname(file));
  process.exitCode = await loaded.exports.run(process.argv.slice(4), process.env);
  if (code === undefined || script.cachedDataRejected === true) keep(script, kept);
}

const source = read(file, 'utf8');
if (source === undefined) import(pathToFileURL(join(dist, 'main.js')).href);
else check(source);
