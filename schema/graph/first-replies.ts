import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import { commentRowJson, type FirstReplies, firstRepliesOf } from '../content/comment/first-replies.ts';
import { type FieldSelection, selectionOf } from './selection.ts';

/** SQL for the JSON of a comment of the connection being resolved, with its first replies where all of them are alike. */
export function selectedCommentJson(info: GraphQLResolveInfo): string {
  const selection = selectionOf(info).node;
  return commentRowJson(selection, selectedReplies(selection, info));
}

/** The first replies selected of every comment; null for none, for later pages, and for several under different aliases. */
function selectedReplies(selection: FieldSelection, info: GraphQLResolveInfo): FirstReplies | null {
  const [node, ...others] = selection.fieldNodes('replies');
  // Fields of one response name have the same arguments, or the document would not be valid.
  if (!node || others.some((other) => responseName(other) !== responseName(node))) return null;
  const field = (info.schema.getType('Comment') as GraphQLObjectType).getFields().replies!;
  return firstRepliesOf(getArgumentValues(field, node, info.variableValues));
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
