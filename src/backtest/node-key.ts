import type { Node } from '../expression/checked-expression.js';
import type { ScopeList } from '../model/expression-scope.js';

/** Texts that are the same for parts of conditions that mean the same, in whichever rule and rule set they stand. */
export class NodeKeys {
  private readonly lists = new Map<ScopeList, number>();

  /** `placeOf`: where in a row an input is; two rule sets may read the same name at different places. */
  of(node: Node, placeOf: (name: string) => number): string {
    const key = (inner: Node): string => this.of(inner, placeOf);
    switch (node.kind) {
      case 'literal':
        return JSON.stringify(node.value);
      case 'input':
        return `#${placeOf(node.info.name)}`;
      case 'predicate':
        return key(node.expression.ast);
      case 'not':
      case 'negate':
        return `${node.kind}(${key(node.operand)})`;
      case 'and':
      case 'or':
        return `${node.kind}(${node.operands.map(key).join()})`;
      case 'compare':
      case 'arithmetic':
        return `(${key(node.left)}${node.operator}${key(node.right)})`;
      case 'in_items':
        return `${key(node.operand)} in[${node.items.map(key).join()}]`;
      case 'in_list':
        return `${key(node.operand)} in list ${this.listKey(node.list)}`;
      case 'call':
        return `${node.spec.name}(${node.args.map(key).join()})`;
    }
  }

  private listKey(list: ScopeList): number {
    const known = this.lists.get(list);
    if (known !== undefined) return known;
    this.lists.set(list, this.lists.size);
    return this.lists.size - 1;
  }
}
