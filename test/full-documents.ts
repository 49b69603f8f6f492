import {
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { schema } from '../schema/index.ts';

export const ARTICLE = encodeId('Article', 1);
export const AUTHOR = encodeId('Author', 2);
export const TOPIC = encodeId('Topic', 2);
export const COMMENT = encodeId('Comment', 2);

/** Arguments of fields that need some, or select more with them. */
export const ARGUMENTS: Record<string, string> = {
  'Query.node': `(id: "${COMMENT}")`,
  'Query.nodes': `(ids: ["${ARTICLE}", "${AUTHOR}", "${TOPIC}", "${COMMENT}", "x"])`,
  'Query.article': '(slug: "once-article-1")',
  'Query.author': '(slug: "author-2")',
  'Query.topic': '(slug: "topic-2")',
  'Query.search': '(query: "title OR author OR topic")',
  'Administration.testText': '(text: "Words")',
  'Query.resolvePath': '(path: "/articles/article-1")',
  'Query.comment': `(id: "${COMMENT}")`,
  'Article.events': `(after: "${encodeEventCursor({ articleId: 1, epoch: 5, sequence: 0 })}")`,
};
/** Not for anonymous readers; the time of the response, which differs each time; and objects that the document has anyway. */
const LEFT_OUT = new Set([
  ...[
    'Query.viewer',
    'Query.commentByReceipt',
    'Query.guestAccess',
    'Query.moderationQueue',
    'Query.administration',
    'ResyncRequired.at',
    'Query.resolvePath',
  ],
]);

export type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** The fields of an object type that can be asked for, with their arguments written out. */
export function fieldsOf(type: GraphQLCompositeType): { field: GraphQLField<unknown, unknown>; args: string }[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const name = `${type.name}.${field.name}`;
    if (LEFT_OUT.has(name)) return [];
    const args = ARGUMENTS[name] ?? '';
    if (!args && field.args.some(isRequiredArgument)) throw new Error(`Add the arguments of ${name} to ARGUMENTS.`);
    return [{ field, args }];
  });
}

export function objectTypes(type: GraphQLCompositeType): GraphQLCompositeType[] {
  return isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [type];
}

/**
 * Fragments that ask for every field down to a depth, each under a name with its type, since fields of one name differ
 * between the types of a union. The document grows with types and depth.
 */
export function everything(type: GraphQLCompositeType, depth: number): { spread: string; fragments: string } {
  const fragments = new Map<string, string>();
  const spread = (of: GraphQLCompositeType, left: number): string => {
    const name = `${of.name}_${left}`;
    if (!fragments.has(name)) {
      fragments.set(name, '');
      const fields = isAbstractType(of)
        ? objectTypes(of).map((one) => spread(one, left))
        : fieldsOf(of).flatMap(({ field, args }) => {
            const below = getNamedType(field.type);
            const written = `${of.name}_${field.name}: ${field.name}${args}`;
            if (!isCompositeType(below)) return written;
            return left > 0 ? `${written} { ${spread(below, left - 1)} }` : [];
          });
      fragments.set(name, `fragment ${name} on ${of.name} { __typename ${fields.join(' ')} }`);
    }
    return `...${name}`;
  };
  const start = spread(type, depth);
  return { spread: start, fragments: [...fragments.values()].join('\n') };
}
