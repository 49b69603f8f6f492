import { MAX_BIO } from '../../content/author/profile-input.ts';
import { updateProfile } from '../../content/author/update-profile.ts';
import { ForbiddenError, InvalidInputError, NotFoundError, RateLimitedError } from '../../content/errors.ts';
import { builder } from '../builder.ts';

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'Changes to a public profile. What is left out stays; null or an empty text takes away.',
  fields: (t) => ({
    authorId: t.id({ description: 'The author; the viewer by default. Admins may name any member of staff.' }),
    bio: t.string({
      description: `A few lines about the author in Markdown, at most ${MAX_BIO} characters. HTML is shown as text.`,
    }),
    url: t.string({ description: "The address of the author's own site, with http or https." }),
    avatarUrl: t.string({
      description:
        'The address of a square picture, with http or https, or a path on this site. Once it was set or taken away here, ' +
        'the pictures of later tokens are ignored.',
    }),
  }),
});

builder.mutationField('updateProfile', (t) =>
  t.field({
    type: 'Author',
    description: 'Changes the public profile of the viewer; for admins also that of other staff.',
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'The changes.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError, RateLimitedError],
      result: { name: 'ProfileSuccess', description: 'The profile was changed as requested.' },
      dataField: { name: 'author', description: 'The author after the change.' },
      union: { name: 'ProfileResult', description: 'The author, or the error that prevented the change.' },
    },
    resolve: (_, { input }, context) => updateProfile(context, input),
  }),
);
