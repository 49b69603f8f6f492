import { htmlOf, markdownOf, plainTextOf, type RichTextRow } from '../content/text/rich-text.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';

export const RichText = builder.objectRef<RichTextRow>('RichText').implement({
  description: 'A text as Markdown, as HTML and as plain text.',
  fields: (t) => ({
    markdown: t.string({
      description: 'As Markdown: as it was written, or converted when it was written in HTML.',
      extensions: declare({ cost: 2 }),
      resolve: (row, _arguments, context) => markdownOf(row, context),
    }),
    html: t.string({
      description:
        'As HTML, sanitised with an allow-list: it is safe to insert it into a page. Ids and links to them begin with the kind and number of their object, so they are unique on a page.',
      extensions: declare({ cost: 1 }),
      resolve: (row, _arguments, context) => htmlOf(row, context),
    }),
    text: t.string({
      description: 'As plain text, for previews, notifications and reading aloud.',
      extensions: declare({ cost: 1 }),
      resolve: plainTextOf,
    }),
  }),
});
