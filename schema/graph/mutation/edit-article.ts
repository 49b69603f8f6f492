import {
  checkArticle,
  MAX_EXCERPT,
  MAX_MARKDOWN_BYTES,
  MAX_SLUG,
  MAX_TITLE,
  MAX_TOPIC_NAME,
  MAX_TOPICS,
} from '../../content/article/article-input.ts';
import { requireWriter } from '../../content/article/article-lock.ts';
import { createArticle, updateArticle } from '../../content/article/save-article.ts';
import { builder } from '../builder.ts';
import { CommentPolicy } from '../enums.ts';
import { ArticleResult, articleIdOf, articleResult } from './article-result.ts';

const ImageInput = builder.inputType('ImageInput', {
  description: 'A picture with the words that go with it.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'Where it is: http, https, or a path on this site such as /cover.jpg.',
    }),
    alt: t.string({ required: true, description: 'What it shows, for those who do not see it; 1 to 500 characters.' }),
    caption: t.string({ description: 'The line below it, at most 1,000 characters.' }),
    width: t.int({ description: 'In pixels.' }),
    height: t.int({ description: 'In pixels.' }),
  }),
});

const TITLE = `The headline, 1 to ${MAX_TITLE} characters.`;
const MARKDOWN = `The article itself in Markdown, at most ${MAX_MARKDOWN_BYTES / 1000} kB. HTML in it is sanitised.`;
const SLUG = `Name in addresses: a-z, 0-9 and single hyphens, at most ${MAX_SLUG} characters.`;
const EXCERPT = `A few plain sentences for lists and previews, at most ${MAX_EXCERPT} characters.`;
const TOPICS = `Names or slugs of at most ${MAX_TOPICS} topics in the order they are shown, each of 1 to ${MAX_TOPIC_NAME} characters. Those that are not there yet are made.`;
const POLICY =
  'Whether it takes comments, and how they appear. Without one of its own, the default of this publication holds.';

const CreateArticleInput = builder.inputType('CreateArticleInput', {
  description: 'A new article.',
  fields: (t) => ({
    title: t.string({ required: true, description: TITLE }),
    markdown: t.string({ required: true, description: MARKDOWN }),
    slug: t.string({ description: `${SLUG} Made from the title unless given.` }),
    excerpt: t.string({ description: `${EXCERPT} The beginning of the text unless given.` }),
    topics: t.stringList({ description: TOPICS }),
    cover: t.field({ type: ImageInput, description: 'The picture on top.' }),
    commentPolicy: t.field({ type: CommentPolicy, description: POLICY }),
  }),
});

const UpdateArticleInput = builder.inputType('UpdateArticleInput', {
  description: 'What changes in an article. What is left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The article.' }),
    expectedVersion: t.int({
      required: true,
      description: '`Article.version` as it was read: when somebody saved meanwhile, the answer is a `ConflictError`.',
    }),
    title: t.string({ description: TITLE }),
    markdown: t.string({ description: MARKDOWN }),
    slug: t.string({ description: `${SLUG} The one before goes on finding the article.` }),
    excerpt: t.string({ description: `${EXCERPT} An empty one is made anew of the text.` }),
    topics: t.stringList({ description: TOPICS }),
    cover: t.field({ type: ImageInput, description: 'The picture on top; null takes it away.' }),
    commentPolicy: t.field({ type: CommentPolicy, description: `${POLICY} Null lets it follow that default again.` }),
  }),
});

builder.mutationFields((t) => ({
  createArticle: t.field({
    type: ArticleResult,
    description: 'Writes a draft, of which the viewer is the author. For writers, moderators and admins.',
    args: { input: t.arg({ type: CreateArticleInput, required: true, description: 'The article.' }) },
    resolve: (_, { input }, context) =>
      articleResult(context, async () => {
        requireWriter(context.viewer);
        const { title, markdown, ...checked } = checkArticle(input);
        // Before it is rendered: of a long text, that is most of the work.
        await context.consumeRateLimit('article');
        return createArticle(context, { ...checked, title: title!, markdown: markdown! });
      }),
  }),
  updateArticle: t.field({
    type: ArticleResult,
    description:
      'Saves an article, and keeps what it said before as a revision. For its author, moderators and admins.',
    args: { input: t.arg({ type: UpdateArticleInput, required: true, description: 'What changes.' }) },
    resolve: (_, { input }, context) =>
      articleResult(context, async () => {
        requireWriter(context.viewer);
        const id = articleIdOf(input.id);
        const checked = checkArticle(input);
        await context.consumeRateLimit('article');
        await updateArticle(context, { id, expectedVersion: input.expectedVersion, ...checked });
        return id;
      }),
  }),
}));
