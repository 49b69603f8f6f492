import { guestKey } from '../../../schema/content/comment/guest.ts';
import { renderText } from '../../../schema/content/text/render.ts';
import { withPictureLinks } from '../picture-links.ts';
import type { RecordLocation } from '../report.ts';
import type { StagedComment } from '../staged-rows.ts';
import { commentBody } from './body.ts';
import {
  contentDigest,
  fieldText,
  MAX_NAME,
  oversizedReason,
  plainText,
  publicName,
  truncate,
  webUrl,
} from './field-values.ts';
import { noteBody } from './item-notes.ts';
import { removedMarkup } from './removed-markup.ts';
import { MAPPING_VERSION, type StageContext, truncateField } from './stage-context.ts';
import type { Fields, WxrComment } from './wxr-records.ts';

/** Statuses by `wp:comment_approved`. */
const COMMENT_STATUS = new Map<string, StagedComment['status']>([
  ['1', 'VISIBLE'],
  ['approve', 'VISIBLE'],
  ['approved', 'VISIBLE'],
  ['0', 'PENDING'],
  ['hold', 'PENDING'],
  ['spam', 'SPAM'],
  // Like a comment that is removed here, one in the trash keeps its place in the thread if it has replies.
  ['trash', 'REMOVED'],
  ['post-trashed', 'REMOVED'],
]);

/** Stages a comment, or reports why it is skipped. */
export function stageComment(context: StageContext, record: WxrComment): void {
  const { staging, report, clock } = context;
  const { fields, line, item } = record;
  report.countRead('comments');
  const id = fieldText(fields, 'wp:comment_id');
  const location = { id, title: fieldText(fields, 'wp:comment_author'), line };
  const approved = fieldText(fields, 'wp:comment_approved');
  const status = COMMENT_STATUS.get(approved);
  const skipReason = commentSkipReason(record);
  if (skipReason || !status) {
    const reason =
      skipReason ?? `wp:comment_approved is ${truncate(approved, MAX_NAME) || '(empty)'}, which is unknown`;
    report.addSkipped('comments', reason, location);
    return;
  }
  const { html, notes } = commentBody(fields.get('wp:comment_content') ?? '');
  const source = withPictureLinks(html);
  const rendered = renderText(source, 'HTML', 'comment');
  noteBody(report, [...notes, ...removedMarkup(source, rendered.html)], location);
  clock.observe(fieldText(fields, 'wp:comment_date'), fieldText(fields, 'wp:comment_date_gmt'));
  const parent = fieldText(fields, 'wp:comment_parent');
  const userId = fieldText(fields, 'wp:comment_user_id');
  staging.add('staged_comment', {
    line,
    item,
    external_id: id,
    parent_external_id: parent === '' || /^0+$/.test(parent) ? null : parent,
    user_id: /^[1-9]\d*$/.test(userId) ? userId : null,
    ...guestOf(context, fields, location),
    status,
    body_source: source,
    body_format: 'HTML',
    body_html: rendered.html,
    body_text: rendered.text,
    created_at: clock.instant(fieldText(fields, 'wp:comment_date_gmt'), fieldText(fields, 'wp:comment_date')),
    digest: contentDigest([MAPPING_VERSION, source, status]),
  });
}

function commentSkipReason({ fields, oversized }: WxrComment): string | null {
  const type = fieldText(fields, 'wp:comment_type');
  if (type !== '' && type !== 'comment') return `comment type ${truncate(type, MAX_NAME)} is not imported`;
  if (oversized) return oversizedReason(oversized);
  if (!/^\d{1,19}$/.test(fieldText(fields, 'wp:comment_id'))) return 'has no wp:comment_id';
  return null;
}

function guestOf(
  context: StageContext,
  fields: Fields,
  location: RecordLocation,
): Pick<StagedComment, 'guest_key' | 'name' | 'email' | 'url'> {
  const author = publicName(plainText(fieldText(fields, 'wp:comment_author'))) || 'Anonymous';
  const name = truncateField(context, { name: 'name', text: author, length: MAX_NAME }, location);
  const email = fieldText(fields, 'wp:comment_author_email');
  const url = webUrl(fieldText(fields, 'wp:comment_author_url'));
  return { guest_key: guestKey({ name, email, url }), name, email: email || null, url };
}
