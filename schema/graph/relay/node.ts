import { brandWithType } from '@pothos/core';
import { articleById } from '../../content/article/find-article.ts';
import { authorById } from '../../content/author/author-lists.ts';
import { commentForViewer } from '../../content/comment/own-comments.ts';
import type { Context } from '../../content/context.ts';
import { BadUserInputError } from '../../content/errors.ts';
import { decodeId, type NodeType } from '../../content/ids.ts';
import { MAX_PAGE } from '../../content/list/paging.ts';
import type { RowTypes } from '../../content/row-types.ts';
import type { Selection } from '../../content/selection.ts';
import { topicById } from '../../content/topic/topic-lists.ts';
import { builder } from '../builder.ts';
import { declare } from '../field-declarations.ts';
import { selectionOf } from '../selection.ts';

export const Node = builder.interfaceRef<{ id: number }>('Node').implement({
  description: 'An object that can be found by its id.',
  fields: (t) => ({
    id: t.id({
      description: 'Opaque, and unique across all types.',
      resolve() {
        throw new Error('Each type of node resolves its own id.');
      },
    }),
  }),
});

const FIND: {
  [Type in NodeType]: (context: Context, id: number, selection: Selection) => Promise<RowTypes[Type] | null>;
} = {
  Article: articleById,
  Author: authorById,
  Topic: topicById,
  Comment: commentForViewer,
};

async function findNode(context: Context, text: string, selection: Selection): Promise<{ id: number } | null> {
  const named = decodeId(text);
  const row = named && (await FIND[named.type](context, named.id, selection));
  // Rows of all types look alike: Pothos takes the type from this mark.
  if (row) brandWithType<typeof builder.$inferSchemaTypes>(row, named.type);
  return row;
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Finds an object by its id. Null when the viewer may see no object with that id.',
    extensions: declare({ dependsOnViewer: 'EVERYONE' }),
    args: { id: t.arg.id({ required: true, description: 'The `id` of an object.' }) },
    resolve: (_, { id }, context, info) => findNode(context, id, selectionOf(info)),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `Finds up to ${MAX_PAGE} objects by their ids, in the order of the ids; null where \`node\` would be null.`,
    // Each is looked up by itself.
    extensions: declare({ dependsOnViewer: 'EVERYONE', entryCost: 4 }),
    args: { ids: t.arg.idList({ required: true, description: 'The `id`s of objects.' }) },
    resolve(_, { ids }, context, info) {
      if (ids.length > MAX_PAGE)
        throw new BadUserInputError(`\`ids\` may hold at most ${MAX_PAGE} ids, not ${ids.length}.`);
      return Promise.all(ids.map((id) => findNode(context, id, selectionOf(info))));
    },
  }),
}));
