import { featureInputs } from '../model/feature.js';
import { ringInputs } from '../model/ring.js';
import { defineCommand, print, printJson } from './command-arguments.js';
import { givenFolder, requireRuleSet } from './load-rules.js';

const usage = `usage: portcullis rules reads [DIR | --rules DIR] [--json]

Shows what each rule reads: signals, features and figures of its ring (in its condition, points, title and exceptions),
lists, predicates; then what each link is made of, and what its condition reads.`;

const rings: ReadonlySet<string> = new Set(ringInputs.map(({ name }) => name));

/** `rules reads` */
export const run = defineCommand({
  usage,
  takes: 1,
  options: { json: { type: 'boolean' }, rules: { type: 'string' } },
  async run(args, environment) {
    const ruleSet = await requireRuleSet(givenFolder(args, environment));
    const features = new Set(ruleSet.features.flatMap(featureInputs));
    const rules = ruleSet.declarations.map(({ info, when, points, title, exceptions }) => {
      const expressions = [when, points, ...exceptions.map((exception) => exception.when)];
      const names = unique([...expressions.flatMap(({ reads }) => reads), ...title.reads].map(({ name }) => name));
      return {
        id: info.id,
        signals: names.filter((name) => !features.has(name) && !rings.has(name)),
        features: names.filter((name) => features.has(name)),
        ring: names.filter((name) => rings.has(name)),
        lists: unique(expressions.flatMap(({ lists }) => lists)),
        predicates: unique(expressions.flatMap(({ predicates }) => predicates)),
      };
    });
    const links = ruleSet.links.map(({ spec: { name, by }, when }) => ({
      name,
      by,
      when: unique((when?.reads ?? []).map((input) => input.name)),
    }));
    if (args.flag('json')) printJson({ rules, links });
    else
      print(
        rules
          .map(({ id, signals, features: read, ring, lists, predicates }) =>
            [
              id,
              ...[...signals, ...read, ...ring, ...lists.map((name) => `lists.${name}`), ...predicates].map(
                (name) => `  ${name}`,
              ),
            ].join('\n'),
          )
          .concat(
            links.map(({ name, by, when }) =>
              [`link ${name}`, ...[...by, ...when].map((input) => `  ${input}`)].join('\n'),
            ),
          )
          .join('\n'),
      );
    return 0;
  },
});

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
