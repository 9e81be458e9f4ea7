import { complain, UsageError } from './command-arguments.js';
import { type FolderWatch, watchFolder } from './watch-folder.js';

/** Runs, and runs again whenever the folder changes, until Ctrl-C; the answer is the exit status of the last run. */
export async function watchTests(folder: string, once: () => Promise<number>): Promise<number> {
  const watch = open(folder);
  const end = (): void => watch.end();
  process.once('SIGINT', end);
  try {
    let status = await once();
    complain(`waiting for changes in '${folder}'; Ctrl-C ends`);
    while (await watch.changed()) {
      status = await once();
      complain(`waiting for changes in '${folder}'; Ctrl-C ends`);
    }
    return status;
  } finally {
    process.off('SIGINT', end);
    watch.end();
  }
}

function open(folder: string): FolderWatch {
  try {
    return watchFolder(folder);
  } catch (failure) {
    throw new UsageError(`cannot watch '${folder}': ${failure instanceof Error ? failure.message : String(failure)}`);
  }
}
