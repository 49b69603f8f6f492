import { linkBareAddresses } from './bare-links.ts';
import { withReusableBlocks } from './blocks.ts';
import { type BodySources, NO_SOURCES } from './body-sources.ts';
import { embedHtml } from './embeds.ts';
import { addParagraphs } from './paragraphs.ts';
import { BodyScan } from './scan-body.ts';
import { type ConvertedBody, replaceShortcodes } from './shortcodes.ts';

/**
 * A post's stored body as the HTML that WordPress would render: without block markers, with shortcodes and URLs
 * converted, and with paragraphs where the classic editor has blank lines.
 */
export function articleBody(stored: string, sources: BodySources = NO_SOURCES): ConvertedBody {
  const whole = withReusableBlocks(stored, sources);
  const { text, pieces, hasBlocks, notes, galleries } = new BodyScan(whole, 'article', sources).run();
  const replaced = replaceShortcodes(text, galleries);
  const embedded = replaced.html.replace(/^[ \t]*(https?:\/\/[^\s<>"[\]\ufdd0-\ufdd3]+)[ \t]*$/gim, (_, url: string) =>
    pieces.block(embedHtml(url)),
  );
  const html = hasBlocks ? embedded.replace(/\n{3,}/g, '\n\n') : addParagraphs(embedded);
  return { html: pieces.restore(html).trim(), notes: [...notes, ...replaced.notes] };
}

/** A comment's stored text as HTML. */
export function commentBody(stored: string): ConvertedBody {
  const { text, pieces, notes } = new BodyScan(stored, 'comment').run();
  return { html: pieces.restore(addParagraphs(linkBareAddresses(text))).trim(), notes };
}
