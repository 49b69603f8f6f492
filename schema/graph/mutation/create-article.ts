import { MAX_EXCERPT, MAX_MARKDOWN_BYTES, MAX_TITLE, MAX_TOPICS } from '../../content/article/article-input.ts';
import { createArticle } from '../../content/article/create-article.ts';
import { MAX_SLUG_LENGTH } from '../../content/text/slug.ts';
import { MAX_TOPIC_NAME } from '../../content/topic/topic-input.ts';
import { builder } from '../builder.ts';
import { CommentPolicy } from '../enums.ts';
import { ARTICLE_ERRORS } from './article-errors.ts';

export const ImageInput = builder.inputType('ImageInput', {
  description: 'An image with its alternative text and caption.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'An address with http or https, or a path on this site such as /cover.jpg.',
    }),
    alt: t.string({
      required: true,
      description: 'Alternative text that describes the image, 1 to 500 characters.',
    }),
    caption: t.string({ description: 'The line below the image, at most 1,000 characters.' }),
    width: t.int({ description: 'Width in pixels.' }),
    height: t.int({ description: 'Height in pixels.' }),
  }),
});

/** Descriptions of the fields that creating and updating share. */
export const DESCRIPTION = {
  title: `The title, 1 to ${MAX_TITLE} characters.`,
  markdown: `The body in Markdown, at most ${MAX_MARKDOWN_BYTES / 1000} kB. HTML in it is sanitised.`,
  slug: `The last part of the article's address: a-z, 0-9 and single hyphens, at most ${MAX_SLUG_LENGTH} characters.`,
  excerpt: `A plain text of a few sentences for lists and previews, at most ${MAX_EXCERPT} characters.`,
  topics: `Names or slugs of at most ${MAX_TOPICS} topics in display order, each of 1 to ${MAX_TOPIC_NAME} characters. Topics that do not exist are created.`,
  commentPolicy: 'Whether the article accepts comments, and whether a moderator must approve them.',
  language: 'The language of the text as a BCP 47 tag, such as de or pt-BR: a search finds other forms of its words.',
};

const CreateArticleInput = builder.inputType('CreateArticleInput', {
  description: 'A new article.',
  fields: (t) => ({
    title: t.string({ required: true, description: DESCRIPTION.title }),
    markdown: t.string({ required: true, description: DESCRIPTION.markdown }),
    slug: t.string({ description: `${DESCRIPTION.slug} By default it is made from the title.` }),
    excerpt: t.string({ description: `${DESCRIPTION.excerpt} By default it is the beginning of the body.` }),
    topics: t.stringList({ description: DESCRIPTION.topics }),
    cover: t.field({ type: ImageInput, description: 'The cover image.' }),
    commentPolicy: t.field({
      type: CommentPolicy,
      description: `${DESCRIPTION.commentPolicy} By default the article follows the publication's policy.`,
    }),
    language: t.string({ description: `${DESCRIPTION.language} By default it is detected.` }),
  }),
});

builder.mutationField('createArticle', (t) =>
  t.field({
    type: 'Article',
    errors: ARTICLE_ERRORS,
    description: 'Creates a draft with the viewer as its author. For writers, moderators and admins.',
    args: { input: t.arg({ type: CreateArticleInput, required: true, description: 'The article.' }) },
    resolve: (_, { input }, context) => createArticle(context, input),
  }),
);
