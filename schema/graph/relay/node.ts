import { articleById } from '../../content/article/find-article.ts';
import { authorById } from '../../content/author/author-lists.ts';
import { commentById } from '../../content/comment/comment-lists.ts';
import type { Context } from '../../content/context.ts';
import { BadUserInputError } from '../../content/errors.ts';
import { decodeId, encodeId, type NodeType } from '../../content/ids.ts';
import { MAX_PAGE } from '../../content/list/paging.ts';
import type { RowTypes } from '../../content/row-types.ts';
import type { Selection } from '../../content/selection.ts';
import { topicById } from '../../content/topic/topic-lists.ts';
import { builder } from '../builder.ts';
import { declare } from '../field-declarations.ts';
import { selectionOf } from '../selection.ts';

export type NodeRow = { [Type in NodeType]: RowTypes[Type] & { nodeType: Type } }[NodeType];

export const Node = builder.interfaceRef<{ id: number }>('Node').implement({
  description: 'Anything with an id that `node` finds again.',
  fields: (t) => ({
    id: t.id({
      description: 'Opaque, and unique across all types.',
      resolve: (row) => encodeId((row as NodeRow).nodeType, row.id),
    }),
  }),
  resolveType: (row) => (row as NodeRow).nodeType,
});

const FIND: {
  [Type in NodeType]: (context: Context, id: number, selection: Selection) => Promise<RowTypes[Type] | null>;
} = {
  Article: articleById,
  Author: authorById,
  Topic: topicById,
  Comment: commentById,
};

async function findNode(context: Context, text: string, selection: Selection): Promise<NodeRow | null> {
  const named = decodeId(text);
  const row = named && (await FIND[named.type](context, named.id, selection));
  return row && ({ ...row, nodeType: named.type } as NodeRow);
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its id. Null when there is nothing public by that id.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { id: t.arg.id({ required: true, description: 'As `id` of any object gave it.' }) },
    resolve: (_, { id }, context, info) => findNode(context, id, selectionOf(info)),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Several by their ids, in the same order, null where there is nothing. At most ${MAX_PAGE}.`,
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { ids: t.arg.idList({ required: true, description: 'As `id` of any objects gave them.' }) },
    resolve(_, { ids }, context, info) {
      if (ids.length > MAX_PAGE)
        throw new BadUserInputError(`\`ids\` may hold at most ${MAX_PAGE} ids, not ${ids.length}.`);
      return Promise.all(ids.map((id) => findNode(context, id, selectionOf(info))));
    },
  }),
}));
