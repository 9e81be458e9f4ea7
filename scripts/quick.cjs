/**
 * Starts the command line from the files that scripts/bundle-commands.mjs has made, with V8's compiled code of the command's
 * run before: most of what a short command takes is Node finding, reading and compiling modules. The code is kept beside the
 * files; what another version of Node has made is refused by it and made anew. Where the files are missing, the usual way
 * serves.
 */
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');
const folder = join(dist, 'quick');

/**
 * How much a function has to run until it is optimised, in bytes of bytecode; V8's own 67,584 makes a short command spend a
 * quarter of its time on optimising what is about to end. In a long command it is reached within the first seconds.
 */
const optimiseAfter = 1_000_000;

/** By the command's words, of which groups have two: commands compile different functions of the same files. */
const [first = '', second = ''] = process.argv.slice(2).map((word) => (/^[a-z]+$/.test(word) ? word : ''));
const isGroup = ['rules', 'data', 'keys', 'audit'].includes(first);
const keptFile = join(folder, 'code', isGroup ? `${first}-${second}` : first || 'none');

function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

/** A line that says which file's code is how long, and then the code. What is none is as good as nothing. */
function readKept() {
  const kept = read(keptFile);
  if (kept === undefined) return new Map();
  let at = kept.indexOf(10) + 1;
  try {
    const codes = JSON.parse(kept.toString('latin1', 0, at)).map(([name, length]) => {
      at += length;
      return [name, kept.subarray(at - length, at)];
    });
    return new Map(codes);
  } catch {
    return new Map();
  }
}

/** A crash or another process at the same time leaves a whole file. A folder that cannot be written to stays as it is. */
function keep(scripts) {
  const codes = [...scripts].map(([name, script]) => [name, script.createCachedData()]);
  const index = `${JSON.stringify(codes.map(([name, code]) => [name, code.length]))}\n`;
  try {
    mkdirSync(dirname(keptFile), { recursive: true });
    writeFileSync(`${keptFile}.${process.pid}`, Buffer.concat([Buffer.from(index), ...codes.map(([, code]) => code)]));
    renameSync(`${keptFile}.${process.pid}`, keptFile);
  } catch {
    // The next run is as slow as this one.
  }
}

function start(entry) {
  const kept = readKept();
  const scripts = new Map();
  const loaded = new Map();
  let isNew = false;

  /** Programs beside main.js are not in these files. */
  const importBeside = (specifier) => import(new URL(specifier, pathToFileURL(join(dist, 'main.js'))).href);

  function load(name) {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const filename = join(folder, name);
    const cachedData = kept.get(name);
    const script = new Script(readFileSync(filename, 'utf8'), {
      filename,
      ...(cachedData && { cachedData }),
    });
    isNew ||= cachedData === undefined || script.cachedDataRejected === true;
    scripts.set(name, script);
    const module = { exports: {} };
    loaded.set(name, module);
    const usual = createRequire(filename);
    const require = (id) => (id.startsWith('./') ? load(id.slice(2)) : usual(id));
    script.runInThisContext()(module.exports, require, module, filename, folder, importBeside);
    return module.exports;
  }

  load(entry);
  process.on('exit', () => isNew && keep(scripts));
}

const entry = read(join(folder, 'entry'), 'utf8');
if (entry === undefined) import(pathToFileURL(join(dist, 'main.js')).href);
else {
  setFlagsFromString(`--interrupt-budget=${optimiseAfter}`);
  start(entry);
}
