import {
  addForbiddenWords,
  changeForbiddenWords,
  removeForbiddenWords,
} from '../../content/administration/forbidden-word-changes.ts';
import { ConflictError, ForbiddenError, InvalidInputError } from '../../content/errors.ts';
import { builder } from '../builder.ts';

const AddForbiddenWordsInput = builder.inputType('AddForbiddenWordsInput', {
  description: 'Words that are to hold a comment.',
  fields: (t) => ({
    words: t.stringList({ required: true, description: 'The words, 1,000 at most. Capitals make no difference.' }),
  }),
});

const RemoveForbiddenWordsInput = builder.inputType('RemoveForbiddenWordsInput', {
  description: 'Words that are not to hold a comment any more.',
  fields: (t) => ({ words: t.stringList({ required: true, description: 'The words; others are passed over.' }) }),
});

const result = (what: string) => ({
  result: { description: `The words were ${what}.` },
  dataField: { name: 'words', description: 'All forbidden words now, sorted.' },
  union: { description: 'All forbidden words, or the error that prevented the change.' },
});

builder.mutationFields((t) => ({
  addForbiddenWords: t.stringList({
    description: 'Forbids words from the next comment on. Those that are forbidden already stay. For admins.',
    args: { input: t.arg({ type: AddForbiddenWordsInput, required: true, description: 'The words.' }) },
    errors: { types: [InvalidInputError, ForbiddenError, ConflictError], ...result('added') },
    resolve: (_, { input }, context) => changeForbiddenWords(context, input.words, addForbiddenWords),
  }),
  removeForbiddenWords: t.stringList({
    description: 'Allows words again, from the next comment on. For admins.',
    args: { input: t.arg({ type: RemoveForbiddenWordsInput, required: true, description: 'The words.' }) },
    errors: { types: [InvalidInputError, ForbiddenError], ...result('removed') },
    resolve: (_, { input }, context) => changeForbiddenWords(context, input.words, removeForbiddenWords),
  }),
}));
