import { type TextFormat, toMarkdown } from '../content/text/render.ts';
import { builder } from './builder.ts';

/** One text in the renderings that were asked for, and a way to the others. */
export interface RichTextRow {
  source?: string | null | undefined;
  format?: TextFormat | undefined;
  html?: string | null | undefined;
  text?: string | null | undefined;
  /** The same text with all its renderings. */
  everything(): Promise<RichTextRow>;
}

export const RichText = builder.objectRef<RichTextRow>('RichText').implement({
  description: 'One source in three renderings. `html` is sanitised and safe to insert as it is.',
  fields: (t) => ({
    markdown: t.string({
      description: 'As Markdown: as it was written, or converted when the source is HTML.',
      async resolve(text) {
        const { source, format } = text.source === undefined ? await text.everything() : text;
        return toMarkdown(source ?? '', format ?? 'MARKDOWN');
      },
    }),
    html: t.string({
      description: 'As HTML, sanitised with an allow-list: insert it as it is.',
      resolve: (text) => text.html ?? text.everything().then(({ html }) => html ?? ''),
    }),
    text: t.string({
      description: 'As plain text, for previews, notifications and reading aloud.',
      resolve: (text) => text.text ?? text.everything().then((full) => full.text ?? ''),
    }),
  }),
});
