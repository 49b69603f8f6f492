import { decodeIdOf } from '../../../schema/content/ids.ts';
import { WITH_ADDED_COMMENT } from '../limit/add-comment.ts';
import type { PeerRequest } from '../operations/peer-request.ts';
import { type CommentNode, commentShape, globalId } from './shapes.ts';

/** The function behind the mutation: what PostGraphile recommends for a change of more than one table. */
export const ADD_COMMENT_FUNCTION = `
  CREATE OR REPLACE FUNCTION bench.add_comment(article integer, body text, guest_name text, guest_email text)
  RETURNS comment LANGUAGE sql AS $function$${WITH_ADDED_COMMENT} SELECT * FROM added $function$`;

interface Data {
  benchAddComment: { result: Pick<CommentNode, 'id' | 'bodyHtml' | 'authorByAuthorId'> };
}

export const addComment: PeerRequest = {
  document: `mutation addComment($input: BenchAddCommentInput!) {
  benchAddComment(input: $input) {
    result {
      id
      bodyHtml
      authorByAuthorId { name slug }
    }
  }
}`,
  variables({ input }) {
    const { articleId, body, guest } = input as { articleId: string; body: string; guest: Record<string, string> };
    return {
      input: { article: decodeIdOf('Article', articleId), body, guestName: guest.name, guestEmail: guest.email },
    };
  },
  shape({ benchAddComment: { result } }: Data) {
    const comment = { ...result, status: 'VISIBLE', createdAt: '' };
    return { addComment: { held: false, comment: { id: globalId(result.id), ...commentShape(comment) } } };
  },
};
