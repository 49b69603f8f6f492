import {
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isObjectType,
} from 'graphql';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { schema } from '../schema/index.ts';
import { pick, random } from './seed.ts';

/** A valid query with its variables. */
export interface RandomQuery {
  query: string;
  variables: Record<string, unknown>;
}

/** Sizes of pages; the last ones are the largest that the schema allows and one that it refuses. */
const SIZES = [0, 1, 2, 3, 5, 10, 20, 50, 100, 101];
/** Most rows that the pages within each other may ask for together, so that a query can also be executed. */
const MAX_ROWS = 1_000;
/** Levels of selections. */
const MAX_DEPTH = 7;
/** Most field nodes, fragments counted wherever they are spread. */
const MAX_FIELDS = 120;
/** Topics of an article, or below a topic: no argument sets how many. */
const UNSIZED = 20;

/** Fields that only some viewers may ask for. */
const LEFT_OUT = new Set([
  'Query.viewer',
  'Query.commentByReceipt',
  'Query.guestAccess',
  'Query.moderationQueue',
  'Query.administration',
  'Article.revisions',
]);

interface Fragment {
  name: string;
  type: string;
  text: string;
  /** Levels, rows and fields below it. */
  depth: number;
  rows: number;
  fields: number;
}

/** The same valid query for the same seed: pages of all sizes within each other, by literals and variables; aliases, fragments, conditions. */
export function randomQuery(seed: number): RandomQuery {
  return new QueryWriter(random(seed)).query();
}

class QueryWriter {
  readonly #next: () => number;
  readonly #variables = new Map<string, { type: string; value: unknown }>();
  readonly #fragments: Fragment[] = [];
  #keys = 0;
  #fields = 0;

  constructor(next: () => number) {
    this.#next = next;
  }

  query(): RandomQuery {
    const body = this.#selection(schema.getQueryType()!, 2 + Math.floor(this.#next() * (MAX_DEPTH - 1)), 1);
    const used = this.#used(body);
    const text = [body, ...used.map(({ text }) => text)].join(' ');
    const variables = [...this.#variables].filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
    const declared = variables.map(([name, { type }]) => `$${name}: ${type}`).join(', ');
    return {
      query: `query${declared && ` (${declared})`} { ${body} } ${used.map(({ name, type, text }) => `fragment ${name} on ${type} { ${text} }`).join(' ')}`,
      variables: Object.fromEntries(
        variables.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]])),
      ),
    };
  }

  /** The fragments that a text spreads, directly or through others. A fragment spreads earlier ones only. */
  #used(body: string): Fragment[] {
    let text = body;
    return this.#fragments.toReversed().filter((fragment) => {
      if (!text.includes(`...${fragment.name} `)) return false;
      text += fragment.text;
      return true;
    });
  }

  /** @param rows of the pages around it */
  #selection(type: GraphQLCompositeType, depth: number, rows: number): string {
    if (isAbstractType(type))
      return schema
        .getPossibleTypes(type)
        .filter(() => this.#chance(0.7))
        .map((one) => `... on ${one.name} { ${this.#selection(one, depth, rows)} }`)
        .concat('__typename')
        .join(' ');
    const fields = fieldsOf(type).filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)));
    const lists = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    const parts = ['__typename'];
    const count = 1 + Math.floor(this.#next() * 4);
    for (let i = 0; i < count && this.#fields < MAX_FIELDS; i++) {
      // Half of the fields lead further, so that queries become deep.
      const field = pick(lists.length > 0 && this.#chance(0.5) ? lists : fields, this.#next);
      parts.push(this.#wrap(type, this.#field(type, field, { depth, rows })));
    }
    const known = this.#fragments.filter(
      (fragment) =>
        fragment.type === type.name &&
        fragment.depth <= depth &&
        fragment.rows * rows <= MAX_ROWS &&
        this.#fields + fragment.fields <= MAX_FIELDS,
    );
    if (known.length > 0 && this.#chance(0.3)) {
      const fragment = pick(known, this.#next);
      this.#fields += fragment.fields;
      parts.push(this.#chance(0.2) ? `...${fragment.name} ...${fragment.name} ` : `...${fragment.name} `);
    }
    if (isObjectType(type) && type !== schema.getQueryType() && this.#chance(0.2))
      return this.#asFragment({ type: type.name, text: parts.join(' '), depth, rows });
    return parts.join(' ');
  }

  /** Moves a selection into a fragment. How many rows it asks for is not known here, so it counts as the rest of what is allowed. */
  #asFragment({ type, text, depth, rows }: Pick<Fragment, 'type' | 'text' | 'depth' | 'rows'>): string {
    const name = `F${this.#fragments.length}`;
    const fields = text.split(/\s+/).filter((token) => /^\w+:?$/.test(token)).length;
    this.#fragments.push({ name, type, text, depth, rows: Math.ceil(MAX_ROWS / rows), fields });
    return `...${name} `;
  }

  #field(
    type: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    { depth, rows }: { depth: number; rows: number },
  ): string {
    this.#fields += 1;
    const below = getNamedType(field.type);
    const key = this.#chance(0.5) ? `k${this.#keys}` : `${field.name}${this.#keys}`;
    this.#keys += 1;
    const allowed = Math.max(1, Math.floor(MAX_ROWS / rows));
    const { text, entries } = this.#arguments(type, field, allowed);
    const written = `${key}: ${field.name}${text}`;
    if (!isCompositeType(below)) return written;
    const within = rows * Math.max(1, entries);
    // A list whose size no argument sets ends here when it could have more rows than are allowed.
    const levels = entries > allowed ? 0 : depth - 1;
    const one = (): string => `${written} { ${this.#selection(below, levels, within)} }`;
    // Two nodes of one response name are one object in the answer.
    return this.#chance(0.1) ? `${one()} ${one()}` : one();
  }

  /** The arguments written out, and the rows that they ask for. */
  #arguments(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, allowed: number) {
    const values: string[] = [];
    let entries = !field.args.length && UNSIZED_LISTS.has(`${type.name}.${field.name}`) ? UNSIZED : 1;
    const required = REQUIRED[`${type.name}.${field.name}`];
    if (required) values.push(required.written(this.#next, (typeName, value) => this.#variable(typeName, value)));
    if (required?.entries) entries = required.entries;
    const has = (name: string): boolean => field.args.some((argument) => argument.name === name);
    if (has('first')) {
      // The default counts as well when no size is given.
      const size = pick(
        SIZES.filter((size) => size <= Math.max(allowed, 1)),
        this.#next,
      );
      const isGiven = allowed < 100 || this.#chance(0.85);
      entries = isGiven ? size : 100;
      if (isGiven)
        values.push(
          `${has('last') && this.#chance(0.2) ? 'last' : 'first'}: ${this.#chance(0.4) ? this.#variable('Int', size) : size}`,
        );
    }
    const order = field.args.find(({ name }) => name === 'orderBy');
    const orders = order && getNamedType(order.type);
    if (isEnumType(orders) && this.#chance(0.3)) values.push(`orderBy: ${pick(orders.getValues(), this.#next).name}`);
    if (has('where') && this.#chance(0.2)) values.push(`where: { topic: ${this.#variable('String', 'topic-1')} }`);
    return { text: values.length > 0 ? `(${values.join(', ')})` : '', entries };
  }

  #wrap(type: GraphQLCompositeType, text: string): string {
    const chance = this.#next();
    if (chance < 0.06) return `... on ${type.name} { ${text} }`;
    if (chance < 0.12) return `... @include(if: ${this.#variable('Boolean!', this.#chance(0.5))}) { ${text} }`;
    if (chance < 0.18) return `... @skip(if: ${this.#variable('Boolean!', this.#chance(0.5))}) { ${text} }`;
    return text;
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#variables.size}`;
    this.#variables.set(name, { type, value });
    return `$${name}`;
  }

  #chance(part: number): boolean {
    return this.#next() < part;
  }
}

/** Lists that have no argument for their size. */
const UNSIZED_LISTS = new Set(['Article.topics', 'Topic.children']);

type Written = (next: () => number, variable: (type: string, value: unknown) => string) => string;

/** Numbers of rows; the first ones have the most below them. */
const rowNumber = (next: () => number): number => 1 + Math.floor(next() ** 3 * 120);

/** Arguments that a field must have, and the entries of its list where these set them. */
const REQUIRED: Record<string, { written: Written; entries?: number }> = {
  'Query.article': { written: (next, variable) => `slug: ${variable('String!', `article-${rowNumber(next)}`)}` },
  'Query.author': { written: (next) => `slug: "author-${rowNumber(next)}"` },
  'Query.topic': { written: (next) => `slug: "topic-${rowNumber(next)}"` },
  'Query.resolvePath': { written: (next) => `path: "/article-${rowNumber(next)}"` },
  'Query.comment': { written: (next, variable) => `id: ${variable('ID!', encodeId('Comment', rowNumber(next)))}` },
  'Query.node': {
    written: (next) => `id: "${encodeId(pick(['Article', 'Author', 'Topic', 'Comment'], next), rowNumber(next))}"`,
  },
  'Query.nodes': {
    entries: 10,
    written: (next, variable) => {
      const ids = Array.from({ length: Math.floor(next() * 11) }, () =>
        encodeId(pick(['Article', 'Author', 'Topic', 'Comment'], next), rowNumber(next)),
      );
      return `ids: ${next() < 0.5 ? variable('[ID!]!', ids) : JSON.stringify(ids)}`;
    },
  },
  'Query.search': { written: (next) => `query: "${pick(['title', 'author OR topic', 'title -2', 'text*'], next)}"` },
  'Article.events': {
    written: () => `after: "${encodeEventCursor({ articleId: 1, epoch: 1, sequence: 0 })}"`,
  },
};

function fieldsOf(type: GraphQLCompositeType): GraphQLField<unknown, unknown>[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).filter(({ name }) => !LEFT_OUT.has(`${type.name}.${name}`));
}
