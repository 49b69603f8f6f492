import { type GraphQLCompositeType, getNamedType, isAbstractType, isCompositeType } from 'graphql';
import { schema } from '../schema/index.ts';
import { fieldsOf, type Json, objectTypes } from './full-documents.ts';
import { pick } from './seed.ts';

/** A part of a document, and the function that picks its result from the full result. */
interface Part {
  text: string;
  of(full: { [key: string]: Json }): { [key: string]: Json };
}

/** Documents of all shapes over one full answer: aliases, fragments used twice, conditions, keys asked for in parts. */
export class Documents {
  readonly #next: () => number;
  readonly #fragments: { name: string; type: string; depth: number; text: string; part: Part }[] = [];
  #keys = 0;

  constructor(next: () => number) {
    this.#next = next;
  }

  document(depth: number): Part {
    const part = this.#selection(schema.getQueryType()!, depth);
    const fragments = this.#fragments.filter(({ name }) => this.#isUsed(name, part.text));
    return {
      text: `query ($yes: Boolean! = true) { __typename @include(if: $yes) ${part.text} } ${fragments.map(({ text }) => text).join('\n')}`,
      of: part.of,
    };
  }

  #isUsed(name: string, text: string): boolean {
    return (
      text.includes(`...${name} `) ||
      this.#fragments.some(
        (other) => other.name !== name && other.text.includes(`...${name} `) && this.#isUsed(other.name, text),
      )
    );
  }

  #selection(type: GraphQLCompositeType, depth: number): Part {
    const parts: Part[] = [{ text: '__typename', of: ({ __typename }) => ({ __typename: __typename! }) }];
    if (isAbstractType(type)) {
      for (const one of objectTypes(type)) {
        if (this.#next() < 0.25) continue;
        const part = this.#selection(one, depth);
        parts.push({
          text: `... on ${one.name} { ${part.text} }`,
          of: (full) => (full.__typename === one.name ? part.of(full) : {}),
        });
      }
    } else {
      const fields = fieldsOf(type).filter(({ field }) => depth > 0 || !isCompositeType(getNamedType(field.type)));
      const count = 1 + Math.floor(this.#next() * 4);
      for (let i = 0; i < count; i++)
        parts.push(this.#wrapped(type, depth, this.#field(type, depth, pick(fields, this.#next))));
      const known = this.#fragments.filter((fragment) => fragment.type === type.name && fragment.depth <= depth);
      if (known.length > 0 && this.#next() < 0.5) parts.push(pick(known, this.#next).part);
    }
    return together(parts);
  }

  #field(type: GraphQLCompositeType, depth: number, { field, args }: ReturnType<typeof fieldsOf>[number]): Part {
    const key = `k${++this.#keys}`;
    const below = getNamedType(field.type);
    const full = `${type.name}_${field.name}`;
    const asked = (selection: Part | null): Part => ({
      text: `${key}: ${field.name}${args} ${selection ? `{ ${selection.text} }` : ''}`,
      of: (answer) => ({ [key]: selection ? over(answer[full]!, selection) : answer[full]! }),
    });
    if (!isCompositeType(below)) return asked(null);
    const first = asked(this.#selection(below, depth - 1));
    // The same key again with other fields: both are one object in the answer.
    if (this.#next() < 0.3)
      return together([first, this.#wrapped(type, depth, asked(this.#selection(below, depth - 1)))]);
    return first;
  }

  #wrapped(type: GraphQLCompositeType, depth: number, part: Part): Part {
    const chance = this.#next();
    if (chance < 0.15) return { ...part, text: `... on ${type.name} { ${part.text} }` };
    if (chance < 0.25) return { ...part, text: `... @include(if: $yes) { ${part.text} }` };
    if (chance < 0.4) return { text: `... @skip(if: $yes) { ${part.text} }`, of: () => ({}) };
    if (chance < 0.55 && type !== schema.getQueryType()) {
      const name = `F${this.#fragments.length}`;
      const spread = { ...part, text: `...${name} ` };
      this.#fragments.push({
        name,
        type: type.name,
        depth,
        text: `fragment ${name} on ${type.name} { ${part.text} }`,
        part: spread,
      });
      return spread;
    }
    return part;
  }
}

function over(value: Json, part: Part): Json {
  if (Array.isArray(value)) return value.map((item) => over(item, part));
  return value === null || typeof value !== 'object' ? value : part.of(value);
}

function together(parts: Part[]): Part {
  return {
    text: parts.map(({ text }) => text).join(' '),
    of: (full) => parts.reduce<{ [key: string]: Json }>((all, part) => merged(all, part.of(full)) as typeof all, {}),
  };
}

function merged(a: Json | undefined, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return a.map((item, i) => merged(item, b[i]!));
  if (!a || !b || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) return b;
  const all = { ...a };
  for (const [key, value] of Object.entries(b)) all[key] = key in all ? merged(all[key], value) : value;
  return all;
}
