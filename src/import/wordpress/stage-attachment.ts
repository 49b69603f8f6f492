import type { RecordLocation } from '../report.ts';
import { fieldText, plainText, webUrl } from './field-values.ts';
import { imageSize } from './image-size.ts';
import type { StageContext } from './stage-context.ts';
import type { WxrItem } from './wxr-records.ts';

/** Stages an attachment, which may be the cover of an article. */
export function stageAttachment({ staging, report }: StageContext, item: WxrItem, location: RecordLocation): void {
  report.countRead('attachments');
  const { fields, meta, line } = item;
  const url = webUrl(fieldText(fields, 'wp:attachment_url') || fieldText(fields, 'guid'));
  if (!url || location.id === '') {
    report.addSkipped('attachments', 'has no id, or no http or https URL', location);
    return;
  }
  staging.add('staged_image', {
    line,
    external_id: location.id,
    parent_id: fieldText(fields, 'wp:post_parent') || null,
    place: Number(/^\d{1,9}$/.exec(fieldText(fields, 'wp:menu_order'))?.[0] ?? 0),
    title: location.title,
    url,
    alt: plainText(meta.get('_wp_attachment_image_alt')?.[0] ?? ''),
    caption: plainText(fields.get('excerpt:encoded') ?? '') || null,
    ...imageSize(meta.get('_wp_attachment_metadata')?.[0]),
  });
}
