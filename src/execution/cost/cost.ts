import { MAX_PAGE } from '../../../schema/content/list/paging.ts';
import type { FieldPlan, SelectionPlan, Variables } from './cost-plan.ts';

/** The cost of a selection in points. */
interface SelectionCost {
  fixed: number;
  /** For each entry of the list that the object of the selection has: lists of a page do not know their size. */
  perEntry: number;
}

/** A field with the points that it and everything below it cost. */
interface ExpensiveField {
  path: string;
  points: number;
}

/** The cost of an operation. It is at least 1. */
export function costOf(plan: SelectionPlan, variables: Variables): number {
  return roundUp(new CostReader(variables).selection(plan).fixed);
}

/** The field that costs the most, as deep as it has one child that costs half of it or more. */
export function mostExpensiveField(plan: SelectionPlan, variables: Variables): ExpensiveField {
  const reader = new CostReader(variables);
  let here = plan;
  let entries = 1;
  let factor = 1;
  const found: ExpensiveField = { path: '', points: 0 };
  for (;;) {
    let most: { field: FieldPlan; points: number } | undefined;
    for (const field of reader.includedFields(here)) {
      const points = times(factor, reader.pointsOf(field, entries));
      if (!most || points > most.points) most = { field, points };
    }
    if (!most || most.points < found.points / 2) return found;
    found.path = found.path === '' ? most.field.responseName : `${found.path}.${most.field.responseName}`;
    found.points = roundUp(most.points);
    const { rule, selection } = most.field;
    if (!selection) return found;
    const size = rule.sizedBy === 'parent' ? entries : reader.entriesOf(most.field);
    here = selection;
    factor *= rule.isList || rule.sizedBy === null ? size : 1;
    entries = rule.isList ? 1 : size;
  }
}

/** Reads the costs of one operation, those of each fragment once. */
class CostReader {
  readonly #variables: Variables;
  readonly #known = new Map<SelectionPlan, SelectionCost>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  selection(plan: SelectionPlan): SelectionCost {
    const known = this.#known.get(plan);
    if (known) return known;
    const sum: SelectionCost = { fixed: 0, perEntry: 0 };
    for (const field of plan.fields) if (this.#isTrue(field.isIncluded)) this.#add(field, sum);
    for (const { plan: fragment, isIncluded } of plan.fragments)
      if (this.#isTrue(isIncluded)) {
        const { fixed, perEntry } = this.selection(fragment);
        sum.fixed += fixed;
        sum.perEntry += perEntry;
      }
    this.#known.set(plan, sum);
    return sum;
  }

  /** The points of a field whose parent has so many entries. */
  pointsOf(field: FieldPlan, entriesOfParent: number): number {
    const { fixed, perEntry } = this.#add(field, { fixed: 0, perEntry: 0 });
    return fixed + times(entriesOfParent, perEntry);
  }

  /** The number of entries, as far as the page's size allows. A size that is not valid is an error of its field, which reads nothing. */
  entriesOf({ rule, sizes }: FieldPlan): number {
    if (rule.sizedBy === 'ids') {
      const ids = sizes.ids?.(this.#variables);
      return Array.isArray(ids) ? Math.min(ids.length, MAX_PAGE) : 1;
    }
    if (rule.sizedBy !== 'first') return rule.entries;
    const size = sizes.first?.(this.#variables) ?? sizes.last?.(this.#variables) ?? rule.entries;
    // Not `Number(size)`: for a deeply nested list it overflows the stack.
    return typeof size === 'number' ? Math.min(Math.max(size, 0), MAX_PAGE) : 0;
  }

  /** The fields of a selection, those of a fragment once, however often it is spread. */
  includedFields(plan: SelectionPlan): FieldPlan[] {
    const found: FieldPlan[] = [];
    const visited = new Set([plan]);
    for (const { fields, fragments } of visited) {
      for (const field of fields) if (this.#isTrue(field.isIncluded)) found.push(field);
      // A set is iterated over what is added meanwhile, too.
      for (const { plan: fragment, isIncluded } of fragments) if (this.#isTrue(isIncluded)) visited.add(fragment);
    }
    return found;
  }

  #add(field: FieldPlan, sum: SelectionCost): SelectionCost {
    const { cost, entryCost, sizedBy, isList } = field.rule;
    const below = field.selection ? this.selection(field.selection) : null;
    if (sizedBy === 'parent') {
      sum.fixed += cost;
      sum.perEntry += entryCost + (below?.fixed ?? 0);
      return sum;
    }
    const entries = this.entriesOf(field);
    sum.fixed += cost + times(entries, entryCost);
    if (!below) return sum;
    // The selection of a connection is there once, and the lists in it have the entries.
    if (sizedBy !== null && !isList) sum.fixed += below.fixed + times(entries, below.perEntry);
    // A list that nothing sizes counts as a full page.
    else sum.fixed += times(entries, below.fixed + MAX_PAGE * below.perEntry);
    return sum;
  }

  #isTrue(conditions: FieldPlan['isIncluded']): boolean {
    return conditions.every((condition) => condition(this.#variables) === true);
  }
}

/** Nothing for no entries, also where each costs more than a number can be: 0 times Infinity is no number, and no limit would hold it. */
function times(entries: number, points: number): number {
  return entries === 0 ? 0 : entries * points;
}

/** Whole points. Sums of tenths are a little more or less than they should be. */
function roundUp(points: number): number {
  return Math.max(1, Math.ceil(points - 1e-6));
}
