import type { Config } from '../../config.js';
import { loadDirectory } from '../load-rules.js';
import { type Finding, fail, good, reasonOf, warn } from './finding.js';

export async function checkRules({ RULES_DIR, REPORT_RULES_DIR }: Config): Promise<readonly Finding[]> {
  const used = checkFolder('rules', RULES_DIR);
  if (REPORT_RULES_DIR === undefined) return [await used];
  return [await used, await checkFolder('report_rules', REPORT_RULES_DIR)];
}

async function checkFolder(check: string, folder: string): Promise<Finding> {
  try {
    const { ruleSet, errors, warnings } = await loadDirectory(folder);
    const [first] = errors;
    if (ruleSet === undefined || first !== undefined) {
      const says = `${errors.length} errors in ${folder}, the first at ${first?.file}:${first?.line}: ${first?.message}`;
      return fail(check, says, `'portcullis rules check ${folder}' shows them all`);
    }
    const says = `${ruleSet.rules.length} rules in ${folder}, version ${ruleSet.version}`;
    if (warnings.length === 0) return good(check, says);
    return warn(check, `${says}, ${warnings.length} warnings`, `'portcullis rules check ${folder}' shows them`);
  } catch (error) {
    return fail(check, reasonOf(error), check === 'rules' ? 'set RULES_DIR' : 'set REPORT_RULES_DIR');
  }
}
