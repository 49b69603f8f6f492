import { type Page, type PageRedirect, resolvePath } from '../content/address/find-address.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { SHOWN_ROW } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

const RedirectTarget = builder.unionType('RedirectTarget', {
  description: 'A page that an address can lead to.',
  types: ['Article', 'Author', 'Topic'],
  resolveType: (row) => (row as Page).nodeType,
});

const Redirect = builder.objectRef<PageRedirect>('Redirect').implement({
  description: 'The present address of a page that stood at another one.',
  fields: (t) => ({
    status: t.int({
      description: 'The HTTP status to answer with: 301, moved permanently.',
      resolve: ({ status }) => status,
    }),
    path: t.string({
      description:
        'The path of the page in the form of the sitemap: `/articles/<slug>`, `/topics/<slug>` or `/authors/<slug>`, below the path ' +
        'of `PUBLIC_URL`. Sites with other addresses make theirs of `to`.',
      resolve: ({ path }) => path,
    }),
    to: t.field({
      type: RedirectTarget,
      description: 'The page.',
      extensions: SHOWN_ROW,
      resolve: ({ to }) => to,
    }),
  }),
});

const ResolvedPath = builder.unionType('ResolvedPath', {
  description: 'What stands at an address.',
  types: ['Article', 'Author', 'Topic', Redirect],
  resolveType: (row) => (row as Page | PageRedirect).nodeType,
});

builder.queryField('resolvePath', (t) =>
  t.field({
    type: ResolvedPath,
    nullable: true,
    description:
      'What stands at a path of the site: an article, author or topic at its present address; or a redirect, for an address ' +
      'that an import has kept, or a former slug. Null when nothing stands there, or nothing that the viewer may see. Case ' +
      'matters; the host, a trailing slash, percent-encoding and parameters that name no page (as `?p=123` does) do not.',
    // Each candidate is looked up by itself.
    extensions: declare({ dependsOnViewer: 'STAFF', cost: 4 }),
    args: {
      path: t.arg.string({ required: true, description: 'A path with or without its query, or a whole address.' }),
    },
    resolve(_, { path }, context, info) {
      const page = selectionOf(info);
      return resolvePath(context, path, { page, target: page.at('to') });
    },
  }),
);
